-- Who leads a room until when, in milliseconds by the database's own clock. The fence is the log's primary key.
CREATE TABLE room_lease (
    show_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    holder TEXT NOT NULL,
    address TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (show_id, stage)
);
