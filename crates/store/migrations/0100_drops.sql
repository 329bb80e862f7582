-- A claim stands on its own: made by a checkout, a drop, its waitlist or staff, and bought in an order line or not.
-- places: JSON of (location, quantity), empty in a rehearsal. quote: the promised price, none where the line says it.
CREATE TABLE claim_alone (
    id TEXT PRIMARY KEY,
    variant_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    places TEXT NOT NULL,
    until BIGINT NOT NULL,
    after_show_hours BIGINT,
    state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'released', 'expired')),
    source TEXT NOT NULL CHECK (source IN ('checkout', 'drop', 'waitlist', 'staff')),
    drop_id TEXT,
    set_aside_by TEXT,
    viewer_id TEXT NOT NULL,
    person_id TEXT,
    show_id TEXT,
    show_number BIGINT,
    country TEXT,
    quote TEXT,
    idempotency_key TEXT,
    made_at BIGINT NOT NULL,
    order_id TEXT REFERENCES orders (id),
    order_line_id TEXT REFERENCES order_line (id)
);
INSERT INTO claim_alone (
    id, variant_id, product_id, quantity, places, until, state, source, viewer_id, person_id, show_id, show_number,
    made_at, order_id, order_line_id
)
SELECT
    c.id, c.variant_id, l.product_id, c.quantity, c.places, c.until, c.state, 'checkout', o.viewer_id, o.person_id,
    l.show_id, l.show_number, o.placed_at, o.id, l.id
FROM claim c JOIN order_line l ON l.id = c.order_line_id JOIN orders o ON o.id = l.order_id;
DROP TABLE claim;
ALTER TABLE claim_alone RENAME TO claim;

-- A repeated request finds its claim again; a buyer's tab and a drop's limit are read by it too.
CREATE UNIQUE INDEX claim_by_viewer ON claim (viewer_id, drop_id, idempotency_key);
CREATE UNIQUE INDEX claim_by_line ON claim (order_line_id) WHERE order_line_id IS NOT NULL;
CREATE INDEX claim_by_order ON claim (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX claim_open ON claim (variant_id) WHERE state = 'open';
CREATE INDEX claim_due ON claim (until) WHERE state = 'open' AND order_id IS NULL;
CREATE INDEX claim_by_show ON claim (show_id, id) WHERE source <> 'checkout';
CREATE INDEX claim_loose ON claim (show_id) WHERE after_show_hours IS NOT NULL AND state = 'open';

-- places and pieces_left: the pot of an armed drop, whose pieces count as claimed. Claiming locks this row alone.
CREATE TABLE drop_offer (
    id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL,
    show_number BIGINT NOT NULL,
    product_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    buyer_limit BIGINT NOT NULL CHECK (buyer_limit > 0),
    hold TEXT NOT NULL,
    countries TEXT,
    window_ms BIGINT,
    rehearsal BIGINT NOT NULL CHECK (rehearsal IN (0, 1)),
    stage TEXT NOT NULL CHECK (stage IN ('planned', 'armed', 'ended')),
    opens_at BIGINT,
    closes_at BIGINT,
    places TEXT NOT NULL,
    pieces_left BIGINT NOT NULL CHECK (pieces_left >= 0),
    waiting BIGINT NOT NULL CHECK (waiting >= 0),
    next_ticket BIGINT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT CHECK (ended_because IN ('gone', 'closed', 'stopped'))
);
CREATE INDEX drop_offer_by_show ON drop_offer (show_id, id);
CREATE INDEX drop_offer_armed ON drop_offer (variant_id, id) WHERE stage = 'armed';

-- Who waits, in the order of their tickets; a row goes once its viewer was served, left, or the drop ended.
CREATE TABLE waiter (
    id TEXT PRIMARY KEY,
    drop_id TEXT NOT NULL REFERENCES drop_offer (id),
    viewer_id TEXT NOT NULL,
    person_id TEXT,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    country TEXT NOT NULL,
    quote TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    place BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    UNIQUE (drop_id, ticket),
    UNIQUE (viewer_id, drop_id)
);

-- What a viewer left unpaid lately. expired: JSON of microseconds.
CREATE TABLE claim_strike (
    viewer_id TEXT PRIMARY KEY,
    expired TEXT NOT NULL,
    barred_until BIGINT
);
