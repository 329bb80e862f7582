-- What happened to an order's pieces after the sale: appended to, never changed. place counts an order's changes from 0; what is
-- JSON, read whole.
CREATE TABLE order_change (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    made_by TEXT,
    what TEXT NOT NULL,
    UNIQUE (order_id, place)
);

-- How far each return is, for lists: it follows from the order's changes.
CREATE TABLE order_return (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    step TEXT NOT NULL CHECK (step IN ('requested', 'received', 'refused', 'refunded', 'replaced'))
);
CREATE INDEX order_return_by_step ON order_return (step, id);
