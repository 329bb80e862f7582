//! Pictures as staff send them, made into what browsers get.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

/// The widths that a picture is served in, in pixels. A narrower picture is never blown up.
pub const PICTURE_WIDTHS: [u32; 5] = [160, 320, 640, 960, 1280];
/// A file is at most this large.
pub const MAX_PICTURE_BYTES: usize = 20 * 1024 * 1024;
/// A picture has at most this many pixels, by its header, before anything is decoded.
pub const MAX_PICTURE_PIXELS: u64 = 36_000_000;

/// One width of a picture, as WebP.
#[derive(Clone, Debug)]
pub struct Rendition {
    /// One of [`PICTURE_WIDTHS`]: the name it is asked for by.
    pub width: u32,
    pub webp: Bytes,
}

/// A picture turned upright, in every width up to the first that holds all of its pixels.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Of the upright original, in pixels.
    pub width: u32,
    pub height: u32,
    pub renditions: Vec<Rendition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureRefusal {
    #[error("not a JPEG, PNG, WebP or GIF, or not a whole one, or not what its name says")]
    NotReadable,
    #[error("more pixels than {MAX_PICTURE_PIXELS}")]
    TooLarge,
}

#[async_trait]
pub trait Pictures: Send + Sync + fmt::Debug {
    /// `declared`: the media type that the sender gave the file; one of another picture format is a lie, and refused.
    async fn prepare(&self, bytes: Bytes, declared: Option<&str>) -> Result<Prepared, PictureRefusal>;
}
