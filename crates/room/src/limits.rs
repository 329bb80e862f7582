//! Every bound of a room in one place. Past a bound the caller gets a named refusal, or the oldest entry is forgotten.

use kernel::Millis;

/// Longest chat message after cleaning: what a person sees as characters.
pub const MESSAGE_GRAPHEMES: usize = 500;
/// Longest chat message after cleaning, in UTF-8 bytes.
pub const MESSAGE_BYTES: usize = 2_000;
/// Longest text that is looked at at all; normalisation may grow text threefold, so cleaning starts from a bounded size.
pub const RAW_TEXT_BYTES: usize = 8_000;
/// Marks stacked on one letter; further ones are dropped, so that no message paints over its neighbours.
pub const MARKS_PER_LETTER: usize = 4;
/// Longest chat name.
pub const NAME_GRAPHEMES: usize = 24;
/// Longest chat name in UTF-8 bytes.
pub const NAME_BYTES: usize = 96;
/// Longest reason that staff give for an act.
pub const REASON_BYTES: usize = 500;
/// Longest `ref` with which a client recognises its own command.
pub const REF_BYTES: usize = 64;
/// Hearts that one command may carry.
pub const HEARTS_PER_COMMAND: u32 = 50;
/// Numbers in a tray.
pub const TRAY_NUMBERS: usize = 500;
/// Largest show number.
pub const LARGEST_NUMBER: u32 = 9_999;
/// Messages that a room remembers for removal, for recognising a resend, and for snapshots.
pub const REMEMBERED_MESSAGES: usize = 1_000;
/// Messages in a snapshot.
pub const SNAPSHOT_MESSAGES: usize = 20;
/// Requests on the board that are not closed; past it `board_full`, and voices go to those that are there.
pub const OPEN_REQUESTS: usize = 40;
/// Open requests that one viewer may have a voice in; past it `asked_enough`.
pub const REQUESTS_OF_VIEWER: usize = 5;
/// Longest request in a viewer's own words, and longest word of the shop on it: what a person sees as characters.
pub const REQUEST_GRAPHEMES: usize = 80;
/// Longest line of the chat that is taken for a question.
pub const INQUIRY_GRAPHEMES: usize = 200;
/// Questions of viewers that wait for a reply; past it the oldest is forgotten.
pub const OPEN_INQUIRIES: usize = 50;
/// Replies to one viewer alone that a room remembers, to tell them again when they come back.
pub const OWN_REPLIES: usize = 50;
/// Longest question of a poll.
pub const POLL_GRAPHEMES: usize = 120;
/// Answers that a poll offers.
pub const CHOICES: std::ops::RangeInclusive<usize> = 2..=6;
/// Longest of them.
pub const CHOICE_GRAPHEMES: usize = 60;
/// Longest time after which a poll closes by itself.
pub const POLL_MINUTES: u32 = 60;
/// Closed requests that a room remembers.
pub const CLOSED_REQUESTS: usize = 20;
/// Askers of a closed request who are remembered, to tell them when they come back.
pub const TOLD_ASKERS: usize = 100;
/// Voices that are told apart on one request; it has won by then.
pub const VOICES: usize = 2_000;
/// Muted viewers that a room remembers; past it the mute that ends first is forgotten.
pub const MUTED: usize = 5_000;
/// Longest mute.
pub const MUTE_MINUTES: u32 = 7 * 24 * 60;
/// Drops that are not over in one room; past it the one that was told first is forgotten.
pub const DROPS: usize = 50;
/// Questions that are not over in one room; past it the one that was told first is forgotten.
pub const TRIVIA: usize = 20;
/// People who may answer one question, or vote in one poll; past it `answers_full`.
pub const ANSWERS: usize = 20_000;
/// Answers of a decided question by which a room recognises one that is sent again.
pub const REMEMBERED_ANSWERS: usize = 1_000;
/// Longest question.
pub const QUESTION_GRAPHEMES: usize = 200;
/// Right answers that staff may name for one question.
pub const ACCEPTED_ANSWERS: usize = 20;
/// Longest of them.
pub const ANSWER_GRAPHEMES: usize = 100;
/// Right answers in a row to which a prize may pass.
pub const RIGHT_ANSWERS: usize = 100;
/// Answers whose counts are told.
pub const SPREAD: usize = 5;
/// Sales that a room remembers for "sold this minute".
pub const RECENT_SALES: usize = 5_000;
/// Times that a number was shown which are remembered; later ones link to no moment.
pub const SHOWN_TIMES: usize = 20;
/// Minutes of viewer counts that are remembered.
pub const MINUTES: usize = 120;
/// Words on a house's list.
pub const LISTED_WORDS: usize = 1_000;
/// Longest word on that list.
pub const LISTED_WORD_CHARS: usize = 60;
/// Viewers whose buckets are kept; past it the longest idle ones are forgotten.
pub const METERED_VIEWERS: usize = 50_000;
/// How far before `now` an act may be stamped: the picture that a viewer looks at is this late at most.
pub const PROGRAMME_PAST: Millis = Millis::from_secs(30);
/// How far after `now` an act may be stamped: clocks differ.
pub const PROGRAMME_FUTURE: Millis = Millis::from_secs(5);
/// Hearts and viewer counts enter the log as sums over this span.
pub const PULSE: Millis = Millis::from_secs(5);
/// The same viewer saying the same thing within this span is a duplicate.
pub const DUPLICATE: Millis = Millis::from_secs(30);
/// Longest slow mode.
pub const SLOW_SECONDS: u32 = 600;
/// Lines that wait to be read by the shop; past it `review_full`.
pub const HELD: usize = 500;
/// Of them, of one viewer; past it `review_full`.
pub const HELD_OF_VIEWER: usize = 3;
/// Viewers who are known to have spoken, while first lines are read first; past it half are forgotten.
pub const SPOKEN: usize = 5_000;
/// Viewers who are blocked from one room; past it `block_full`.
pub const BLOCKED: usize = 5_000;
