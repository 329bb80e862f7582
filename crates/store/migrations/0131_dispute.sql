-- Money that a buyer's bank takes back past the shop. Kept apart from the ledger.
CREATE TABLE dispute (
    provider TEXT NOT NULL,
    reference TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('needs_answer', 'under_review', 'won', 'lost', 'closed')),
    -- 1 when nothing comes after the state.
    ended BIGINT NOT NULL CHECK (ended IN (0, 1)),
    reason TEXT NOT NULL,
    answer_by BIGINT,
    opened_at BIGINT NOT NULL,
    page TEXT NOT NULL,
    PRIMARY KEY (provider, reference)
);
CREATE INDEX dispute_listed ON dispute (ended, opened_at);
