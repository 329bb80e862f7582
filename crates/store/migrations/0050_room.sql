-- The log of every room. Rows are permanent and hold opaque ids; what people wrote lies in room_words.
CREATE TABLE room_event (
    show_id TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('live', 'rehearsal')),
    place BIGINT NOT NULL CHECK (place > 0),
    kind TEXT NOT NULL,
    message_id TEXT UNIQUE,
    programme_ms BIGINT NOT NULL,
    at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (show_id, stage, place)
);

-- Personal payload of messages: moderation and erasure overwrite it with nothing.
CREATE TABLE room_words (
    show_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    place BIGINT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    viewer_id TEXT NOT NULL,
    name TEXT,
    text TEXT,
    erased_at BIGINT,
    PRIMARY KEY (show_id, stage, place)
);
CREATE INDEX room_words_viewer ON room_words (viewer_id);

-- Words that were taken off the air, for the house's owners and for an appeal.
CREATE TABLE room_evidence (
    message_id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL,
    viewer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    removed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    removed_at BIGINT NOT NULL
);
CREATE INDEX room_evidence_show ON room_evidence (show_id, removed_at);

-- Who moderated, and why.
CREATE TABLE room_moderation (
    show_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    place BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (show_id, stage, place)
);

-- The newest kept fold of each log, without words: a new leader reads it and the tail.
CREATE TABLE room_fold (
    show_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    place BIGINT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (show_id, stage)
);

-- One row; a restore deletes it, and the next reader draws another.
CREATE TABLE room_epoch (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL
);

-- Personal payload of viewers.
CREATE TABLE chat_name (
    viewer_id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
