-- Who bought a variant: orders at a price that was wrong for a while.
CREATE INDEX order_line_by_variant ON order_line (variant_id, order_id);
