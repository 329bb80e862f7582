-- Under which name a payment provider knows a payment of ours. Written before the provider is asked.
CREATE TABLE payment_note (
    payment_id TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    method TEXT,
    opened_at BIGINT NOT NULL,
    -- The provider's name for it; none until it has answered.
    reference TEXT,
    -- Closed before the provider had named it.
    closed_at BIGINT,
    CHECK (reference IS NULL OR closed_at IS NULL)
);
