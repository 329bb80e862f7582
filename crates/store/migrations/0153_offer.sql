-- doc: the offer as staff wrote it, JSON read whole. used: orders that a limited one counts in, kept by the till.
CREATE TABLE offer (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    code TEXT UNIQUE,
    doc TEXT NOT NULL,
    used BIGINT NOT NULL DEFAULT 0 CHECK (used >= 0)
);

-- The orders that a limited offer counts in, by the marks of their buyers; a row goes when its order ends.
CREATE TABLE offer_use (
    offer_id TEXT NOT NULL REFERENCES offer (id),
    mark TEXT NOT NULL,
    order_id TEXT NOT NULL,
    PRIMARY KEY (offer_id, mark, order_id)
);
CREATE INDEX offer_use_of_order ON offer_use (order_id);
