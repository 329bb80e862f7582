-- Requests that create, as their callers named them, and what was answered: a repeated one gets the same answer.
CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    -- Sealed: answers may show a secret once. Null while the first one runs.
    answer TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON idempotency (at);
