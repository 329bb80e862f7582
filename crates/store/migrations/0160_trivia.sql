-- A question of a show. Its prize is a drop of one piece with the same id, which an answer wins: prize_bp is what that takes
-- off the list price, in hundredths of a percent. question and standing: JSON; answers lie in the room's log.
CREATE TABLE trivia (
    id TEXT PRIMARY KEY,
    show_id TEXT NOT NULL,
    question TEXT NOT NULL,
    standing TEXT NOT NULL
);
CREATE INDEX trivia_by_show ON trivia (show_id, id);
ALTER TABLE drop_offer ADD COLUMN prize_bp BIGINT;
