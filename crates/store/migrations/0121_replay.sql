-- What a replay shows of its recording: a view that staff edit. The recording stays as it is.
CREATE TABLE replay_edit (
    show_id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);
