-- Recordings: one a show, over as many runs of the encoder as there were. The bytes are objects; these rows find them.
CREATE TABLE recording_setup (
    show_id TEXT NOT NULL,
    setup TEXT NOT NULL,
    codecs TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    PRIMARY KEY (show_id, setup)
);

-- Times are Unix milliseconds of the programme. A missing segment has no object: a gap that has a name.
CREATE TABLE recording_segment (
    show_id TEXT NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    at_ms BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL CHECK (duration_ms >= 0),
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    setup TEXT NOT NULL,
    discontinuity BIGINT NOT NULL CHECK (discontinuity IN (0, 1)),
    independent BIGINT NOT NULL CHECK (independent IN (0, 1)),
    missing TEXT CHECK (missing IN ('disk', 'store', 'behind')),
    PRIMARY KEY (show_id, sequence)
);

-- Recordings that are kept whatever the house's period says.
CREATE TABLE recording_hold (
    show_id TEXT PRIMARY KEY,
    held BIGINT NOT NULL CHECK (held IN (0, 1))
);
