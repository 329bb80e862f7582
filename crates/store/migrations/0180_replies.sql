-- What the shop replied is read by show, for the pages of its products; the log itself stays as it is.
CREATE INDEX room_event_reply ON room_event (show_id, stage, place) WHERE kind = 'reply';
