-- When a parcel came, as staff or the carrier say.
ALTER TABLE parcel ADD COLUMN delivered_at BIGINT;
