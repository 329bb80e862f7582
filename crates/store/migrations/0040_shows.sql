-- Titles, descriptions and the lifecycle are JSON read whole; `state` repeats the lifecycle's for lists.
CREATE TABLE show (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    brand_id TEXT NOT NULL,
    host_id TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    cover_id TEXT,
    starts_at BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'rehearsing', 'live', 'ended')),
    lifecycle TEXT NOT NULL,
    next_number BIGINT NOT NULL,
    stream_key_hash TEXT NOT NULL UNIQUE,
    stream_key_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE INDEX show_by_start ON show (state, starts_at);

CREATE TABLE run_item (
    show_id TEXT NOT NULL REFERENCES show (id),
    number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    product_id TEXT NOT NULL,
    talking_points TEXT NOT NULL,
    sale TEXT NOT NULL CHECK (sale IN ('open', 'stopped')),
    PRIMARY KEY (show_id, number)
);

CREATE INDEX run_item_by_product ON run_item (product_id);
