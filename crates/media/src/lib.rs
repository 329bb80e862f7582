//! What a host's encoder sends, turned into what a viewer's player fetches. Pure: no sockets, no clock, no entropy.
//!
//! From a packet to its part: [`rtmp::Session`] reads bytes into messages → [`flv`] reads a message's body →
//! [`programme::Run`] gives it programme time → [`hls::Packager`] makes parts, segments and playlists of it. Of what was
//! recorded, [`clip::Clip`] makes files.
//!
//! What holds here, and why:
//! - Sans-I/O: input goes in with `now`, output is polled. The same bytes at the same times give the same playlists.
//! - Nothing panics on any bytes, and nothing is set aside for a claim before its bytes come; every bound is a const
//!   beside its reader. The fuzz targets in `fuzz/` hold this.
//! - A run ends with one named reason ([`Closed`], [`programme::RunEnd`]), whose sentence tells the host what
//!   to set. Nothing is repaired silently except jitter under 200 ms.
//! - Programme time is UTC milliseconds of arrival, anchored once per run. Pictures follow the encoder's stamps; sound
//!   is counted in frames of 1,024 samples, so rounded stamps never make it crackle; a gap is filled with silence,
//!   because browsers stall where one of two muxed tracks has a hole.
//! - Every programme has both tracks (a silent show gets silence), so that a publisher that returns with or without
//!   sound never changes the number of tracks, which Media Source Extensions forbid.
//! - A part is never longer than its target and sequence numbers never reset. Away, settings changed, pictures
//!   missing: the next keyframe opens a new segment after a discontinuity.
//! - A frame's bytes are copied once out of the chunk stream, once into its part, and once when a segment is
//!   complete (its parts become slices of it).

pub mod aac;
mod access_unit;
pub mod audio;
pub mod avc;
pub mod clip;
mod closed;
mod cmaf;
pub mod drift;
pub mod flv;
pub mod hls;
pub mod ogg;
pub mod opus;
pub mod programme;
pub mod rtc;
pub mod rtmp;

pub use closed::Closed;
