//! Proofs with real encoders over real sockets.
//!
//! What is complained about elsewhere, and the test that keeps it away here:
//! - B-frames kill playback by WebRTC: `watched::what_cannot_be_watched_is_refused_by_name`.
//! - No sound from RTMP to WebRTC, black until the next keyframe:
//!   `watched::an_encoders_picture_and_sound_are_watched_from_its_last_keyframe`.
//! - A wrong key is a silent loop: `refused::each_refusal_is_a_sentence_that_the_encoder_prints`.
//! - A short drop ends playback or resets numbers: `goes_on::a_publisher_that_comes_back_continues_the_numbers`.
//! - Recordings in fragments and gaps: `recorded::the_same_publisher_returns_and_the_playlist_plays_through`; sound that drifts:
//!   `sound_follows_its_stamps_and_not_their_trembling` in media, and the figures of `cargo xtask bench picture`.
//! - Players freeze where parts' lengths vary: `parts_keep_to_their_target_whatever_comes` in media's tests.
//! - Rotation breaks recordings: `recorded::a_picture_that_is_turned_is_one_recording_without_a_gap`.
//! - UDP blocked: `webrtc::a_browser_publishes_by_udp_and_where_none_gets_through_by_tcp`; `watched` watches by both.

mod goes_on;
mod hostile;
mod proof;
mod publish;
mod recorded;
mod refused;
mod watched;
mod webrtc;
