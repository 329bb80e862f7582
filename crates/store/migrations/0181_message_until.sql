-- What is of use for the shortest time goes out first.
CREATE INDEX message_until ON message (until, id);
