-- An event that could not be delivered waits a while before it is tried again, and so many times.
ALTER TABLE outbox ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN next_at BIGINT NOT NULL DEFAULT 0;

-- What nobody tries again: somebody has to tell the reader. content is the event as it stood, or the message, sealed.
CREATE TABLE given_up (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('event', 'message')),
    content TEXT NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('too_late', 'refused', 'unreadable')),
    detail TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    at BIGINT NOT NULL
);
