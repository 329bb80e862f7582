-- Fills the store of a furnished house with copies of one order that was sent: a million buyers and order numbers, from a
-- thousand earlier shows. Ids are older than those of the furnished orders, so that lists show what they showed before.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -500000;

CREATE TEMP TABLE source AS SELECT * FROM orders WHERE state = 'sent' ORDER BY id DESC LIMIT 1;
CREATE TEMP TABLE copy AS
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000000)
    SELECT n, printf('01%024d', n) AS id, printf('02%024d', n / 1000) AS show_id FROM counted;

BEGIN;
INSERT INTO orders
    SELECT c.id, printf('0000-%04d-%04d', n / 10000, n % 10000), c.id, NULL, state, rehearsal, placed_at - n, held_until - n, c.id,
        provider, key_hash, 'copy-' || n, request_hash, currency, total_minor, totals, cancelled_because, unfinished
    FROM copy c, source;
INSERT INTO order_buyer
    SELECT c.id, b.name || ' ' || n, 'buyer' || n || '@copies.example', NULL, b.address, b.language
    FROM copy c, source s JOIN order_buyer b ON b.order_id = s.id;
INSERT INTO parcel (id, order_id, carrier, tracking_number, tracking_url, sent_at)
    SELECT printf('01%024d', n * 10 + (SELECT count(*) FROM parcel o WHERE o.order_id = p.order_id AND o.id < p.id)), c.id,
        p.carrier, p.tracking_number, p.tracking_url, p.sent_at
    FROM copy c, source s JOIN parcel p ON p.order_id = s.id;
INSERT INTO order_line
    SELECT printf('01%024d', n * 10 + l.place), c.id, l.place, l.variant_id, l.product_id, l.brand_id, l.quantity, l.unit_minor,
        l.total_minor, c.show_id, l.show_number, printf('01%024d', n * 10), l.frozen
    FROM copy c, source s JOIN order_line l ON l.order_id = s.id;
INSERT INTO ledger
    SELECT printf('01%024d', n * 10 + l.place), c.id, l.place, c.id, l.kind, l.amount_minor, l.currency, l.provider,
        l.reference || '-' || n, l.idempotency_key || '-' || n, l.at
    FROM copy c, source s JOIN ledger l ON l.order_id = s.id;
INSERT INTO claim (id, variant_id, product_id, quantity, places, until, state, source, viewer_id, show_id, show_number, made_at,
    order_id, order_line_id)
    SELECT printf('01%024d', n * 10 + l.place), k.variant_id, k.product_id, k.quantity, k.places, k.until, k.state, k.source, c.id,
        c.show_id, k.show_number, k.made_at, c.id, printf('01%024d', n * 10 + l.place)
    FROM copy c, source s JOIN order_line l ON l.order_id = s.id JOIN claim k ON k.order_line_id = l.id;
COMMIT;
SELECT count(*) FROM orders;
