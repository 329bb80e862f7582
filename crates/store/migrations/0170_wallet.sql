-- What signed-in buyers keep for the next time. Personal: erasing a person takes their rows.
CREATE TABLE saved_address (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- Both as JSON, written and read whole.
    contact TEXT NOT NULL,
    address TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

CREATE INDEX saved_address_person ON saved_address (person_id, saved_at);

-- The card stays with its provider: this is the provider's name for it, and what tells it from another.
CREATE TABLE saved_method (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    provider TEXT NOT NULL,
    token TEXT NOT NULL,
    -- As JSON, written and read whole.
    kept TEXT NOT NULL,
    -- What tells one card from another, whatever its provider calls it.
    card TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    -- Set once nobody may pay with it any more: its provider is asked to let it go from then on.
    let_go_from BIGINT,
    UNIQUE (provider, token)
);

CREATE INDEX saved_method_person ON saved_method (person_id, saved_at);
CREATE INDEX saved_method_ended ON saved_method (let_go_from);
