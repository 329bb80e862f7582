//! Brands, and the places where stock lies.

use kernel::{BrandId, Country, LocationId, MediaId, Texts};
use serde::{Deserialize, Serialize};

use super::{Fault, Faults, text};

/// A seller's public face in the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    pub id: BrandId,
    pub version: i64,
    pub name: String,
    #[serde(default)]
    pub about: Texts,
    #[serde(default)]
    pub logo_media_id: Option<MediaId>,
}

impl Brand {
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        name_faults(&self.name, &mut faults);
        text::check(&self.about, "about", 5_000, &mut faults);
        faults.or(())
    }
}

/// A place where stock lies. `brand_id` None: shared by the whole house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub id: LocationId,
    pub brand_id: Option<BrandId>,
    pub name: String,
    pub country: Country,
}

impl Location {
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        name_faults(&self.name, &mut faults);
        faults.or(())
    }
}

fn name_faults(name: &str, faults: &mut Faults) {
    faults.when(name.trim().is_empty(), "name", Fault::Required);
    faults.when(name.chars().count() > 80, "name", Fault::TooLong { most: 80 });
}
