-- Mail and SMS that wait to go out; a row goes once its message went, or was given up. sealed: names, addresses and
-- one-time links, readable with the master key alone.
CREATE TABLE message (
    id TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    next_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX message_due ON message (next_at);
