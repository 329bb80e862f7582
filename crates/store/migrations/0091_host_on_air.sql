-- Who is live where. The key is what keeps a host from being live twice: of two shows that go live at once, one is refused.
CREATE TABLE host_on_air (
    host_id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL UNIQUE
);
INSERT INTO host_on_air (host_id, show_id) SELECT host_id, MIN(id) FROM show WHERE state = 'live' GROUP BY host_id;
