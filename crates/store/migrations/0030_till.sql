-- What lies there, what open claims hold, what is paid and not sent. free = on_hand - buffer - claimed - allocated.
CREATE TABLE stock (
    variant_id TEXT NOT NULL,
    location_id TEXT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    buffer BIGINT NOT NULL CHECK (buffer >= 0),
    claimed BIGINT NOT NULL DEFAULT 0 CHECK (claimed >= 0),
    allocated BIGINT NOT NULL DEFAULT 0 CHECK (allocated >= 0),
    PRIMARY KEY (variant_id, location_id)
);

-- One row a viewer; lines are JSON read whole. A checkout empties it by its version.
CREATE TABLE basket (
    viewer_id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    lines TEXT NOT NULL
);

-- Names nobody: the buyer lies in order_buyer. state follows the lines and the ledger.
CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    viewer_id TEXT NOT NULL,
    person_id TEXT,
    state TEXT NOT NULL CHECK (
        state IN ('awaiting_payment', 'paid', 'partly_sent', 'sent', 'delivered', 'cancelled', 'expired')
    ),
    rehearsal BIGINT NOT NULL CHECK (rehearsal IN (0, 1)),
    placed_at BIGINT NOT NULL,
    held_until BIGINT NOT NULL,
    payment_id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    totals TEXT NOT NULL,
    cancelled_because TEXT,
    -- 1 while the provider still has to be asked for something: money to take, to let go, or to give back.
    unfinished BIGINT NOT NULL CHECK (unfinished IN (0, 1)),
    UNIQUE (viewer_id, idempotency_key)
);
CREATE INDEX orders_by_state ON orders (state, id);
CREATE INDEX orders_by_person ON orders (person_id, id);
CREATE INDEX orders_held ON orders (held_until) WHERE state = 'awaiting_payment';
CREATE INDEX orders_unfinished ON orders (placed_at) WHERE unfinished = 1;

-- The personal side of an order: erasure overwrites the row.
CREATE TABLE order_buyer (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    address TEXT NOT NULL,
    language TEXT NOT NULL
);
CREATE INDEX order_buyer_by_email ON order_buyer (email);
CREATE INDEX order_buyer_by_phone ON order_buyer (phone);
CREATE INDEX order_buyer_by_name ON order_buyer (name);

-- frozen: titles, values, seller of record, price version, as they were when the buyer agreed.
CREATE TABLE order_line (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    place BIGINT NOT NULL,
    variant_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    brand_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    show_id TEXT,
    show_number BIGINT,
    parcel_id TEXT,
    frozen TEXT NOT NULL
);
CREATE INDEX order_line_by_order ON order_line (order_id, place);
CREATE INDEX order_line_by_show ON order_line (show_id, show_number);

-- Pieces set aside until a deadline. places: JSON of (location, quantity), read whole.
CREATE TABLE claim (
    id TEXT PRIMARY KEY,
    order_line_id TEXT NOT NULL UNIQUE REFERENCES order_line (id),
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    places TEXT NOT NULL,
    until BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'released', 'expired'))
);
CREATE INDEX claim_open ON claim (variant_id) WHERE state = 'open';

-- Paid pieces that wait to be sent.
CREATE TABLE allocation (
    order_line_id TEXT PRIMARY KEY REFERENCES order_line (id),
    order_id TEXT NOT NULL REFERENCES orders (id),
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    places TEXT NOT NULL
);
CREATE INDEX allocation_by_order ON allocation (order_id);

-- Appended to, never changed. reference is the provider's name for the event; none for what we wrote ourselves.
CREATE TABLE ledger (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    -- Counts an order's entries from 0.
    place BIGINT NOT NULL,
    payment_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('opened', 'authorised', 'captured', 'declined', 'voided', 'refund_asked', 'refunded')
    ),
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    provider TEXT NOT NULL,
    reference TEXT,
    idempotency_key TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    UNIQUE (provider, reference),
    UNIQUE (order_id, place)
);

CREATE TABLE parcel (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    tracking_url TEXT,
    sent_at BIGINT NOT NULL
);
CREATE INDEX parcel_by_order ON parcel (order_id, id);

-- zone: a country's two letters, or * for every country without a rate of its own.
CREATE TABLE shipping_rate (
    id TEXT PRIMARY KEY,
    zone TEXT NOT NULL,
    name TEXT NOT NULL,
    prices TEXT NOT NULL,
    fewest_days BIGINT NOT NULL,
    most_days BIGINT NOT NULL
);

-- Events for others, written with what they tell of; a row goes once everybody has it.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    at BIGINT NOT NULL
);
