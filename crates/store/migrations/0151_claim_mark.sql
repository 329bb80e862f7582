-- A claim in a drop that somebody known by this mark pays for. A mark is sealed with the master key: it names nobody.
CREATE TABLE claim_mark (
    drop_id TEXT NOT NULL REFERENCES drop_offer (id),
    mark TEXT NOT NULL,
    claim_id TEXT NOT NULL REFERENCES claim (id),
    PRIMARY KEY (drop_id, mark, claim_id)
);
