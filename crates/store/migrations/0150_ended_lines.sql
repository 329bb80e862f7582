-- Who waited for a drop that ended is forgotten a page at a time: 1 while there may be somebody.
ALTER TABLE drop_offer ADD COLUMN unswept BIGINT NOT NULL DEFAULT 0;
CREATE INDEX drop_offer_unswept ON drop_offer (id) WHERE unswept = 1;
