//! The port `Clips`.

use app::ports::{Clips, Cut, Unreadable};
use bytes::Bytes;
use kernel::Millis;
use media::clip::Clip;

/// Cuts with `media`: the pictures stay as they are, only their times are moved.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cutter;

#[derive(Debug)]
struct Cutting(Clip);

impl Clips for Cutter {
    fn begin(&self, init: &Bytes) -> Result<Box<dyn Cut>, Unreadable> {
        Clip::begin(init).map(|clip| Box::new(Cutting(clip)) as Box<dyn Cut>).map_err(|_| Unreadable)
    }
}

impl Cut for Cutting {
    fn add(&mut self, segment: Bytes, at: Option<Millis>) -> Result<Bytes, Unreadable> {
        let mut segment = Vec::from(segment);
        self.0.add(&mut segment, at).map_err(|_| Unreadable)?;
        Ok(segment.into())
    }
}
