-- Documents (doc) are JSON read whole. A product is its newest visible revision: revisions that an import staged are
-- visible once the import was applied.
CREATE TABLE brand (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE seller (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    brand_id TEXT REFERENCES brand (id),
    doc TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE location (
    id TEXT PRIMARY KEY,
    brand_id TEXT REFERENCES brand (id),
    doc TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE media (
    id TEXT PRIMARY KEY,
    brand_id TEXT REFERENCES brand (id),
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE import_run (
    id TEXT PRIMARY KEY,
    format TEXT NOT NULL CHECK (format IN ('trunkshow', 'shopify')),
    brand_id TEXT NOT NULL REFERENCES brand (id),
    seller_id TEXT REFERENCES seller (id),
    location_id TEXT NOT NULL REFERENCES location (id),
    language TEXT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checked', 'staging', 'applied')),
    stocked BIGINT NOT NULL DEFAULT 0 CHECK (stocked IN (0, 1)),
    created_at BIGINT NOT NULL,
    applied_at BIGINT,
    CHECK ((state = 'applied') = (applied_at IS NOT NULL))
);

CREATE TABLE product (
    id TEXT PRIMARY KEY,
    brand_id TEXT NOT NULL REFERENCES brand (id),
    handle TEXT,
    import_id TEXT REFERENCES import_run (id),
    created_at BIGINT NOT NULL,
    UNIQUE (brand_id, handle)
);

CREATE TABLE product_revision (
    product_id TEXT NOT NULL REFERENCES product (id),
    version BIGINT NOT NULL,
    import_id TEXT REFERENCES import_run (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
    category TEXT NOT NULL,
    doc TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (product_id, version)
);

CREATE INDEX product_revision_import ON product_revision (import_id);

-- A variant's identity outlives the revisions that name it: orders point at it.
CREATE TABLE variant (
    id TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES product (id),
    brand_id TEXT NOT NULL REFERENCES brand (id),
    sku TEXT NOT NULL,
    import_id TEXT REFERENCES import_run (id),
    UNIQUE (brand_id, sku)
);

CREATE INDEX variant_product ON variant (product_id);

-- Only ever added to. unit_minor NULL: no longer sold in that currency.
CREATE TABLE variant_price (
    id TEXT PRIMARY KEY,
    variant_id TEXT NOT NULL REFERENCES variant (id),
    currency TEXT NOT NULL,
    unit_minor BIGINT CHECK (unit_minor > 0),
    starts_at BIGINT NOT NULL,
    import_id TEXT REFERENCES import_run (id)
);

CREATE INDEX variant_price_of ON variant_price (variant_id, currency, starts_at);
