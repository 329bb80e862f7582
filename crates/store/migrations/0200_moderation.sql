-- Whom a moderator's act is about: opaque, like all ids of viewers. Older acts are about nobody who could be told.
ALTER TABLE room_moderation ADD COLUMN viewer_id TEXT;
CREATE INDEX room_moderation_viewer ON room_moderation (viewer_id, show_id);

-- What viewers tell the house about a line, a piece or a show. note is in their own words: erasure empties it.
CREATE TABLE report (
    id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL,
    viewer_id TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('message', 'product', 'show')),
    subject_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    verdict TEXT CHECK (verdict IN ('granted', 'rejected')),
    answer TEXT,
    settled_by TEXT,
    settled_at BIGINT,
    UNIQUE (show_id, viewer_id, subject, subject_id)
);
CREATE INDEX report_open ON report (show_id, id) WHERE verdict IS NULL;

-- What viewers say to an act of the live room that is about them; one each.
CREATE TABLE appeal (
    show_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    viewer_id TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    verdict TEXT CHECK (verdict IN ('granted', 'rejected')),
    answer TEXT,
    settled_by TEXT,
    settled_at BIGINT,
    PRIMARY KEY (show_id, place)
);
CREATE INDEX appeal_open ON appeal (show_id, at) WHERE verdict IS NULL;

-- Who may write in no room of the house.
CREATE TABLE chat_block (
    viewer_id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at BIGINT NOT NULL
);
