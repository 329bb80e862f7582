-- A refund that the provider did not do when it was asked. next_at NULL: it is not asked again by itself.
CREATE TABLE stuck_refund (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    tries BIGINT NOT NULL CHECK (tries > 0),
    next_at BIGINT,
    detail TEXT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX stuck_refund_given_up ON stuck_refund (since) WHERE next_at IS NULL;
