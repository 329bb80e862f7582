//! What the use cases need from the world. Adapters implement these; nothing here knows how.

mod air;
mod clock;
mod people;
mod store_error;

pub use air::{
    Air, AirAnswer, AirItem, AudioHealth, Grant, Health, HealthState, HealthWarning, Ingest, PublishRefusal,
    VideoHealth,
};
pub use clock::Clock;
pub use people::{NewSession, NewStaff, People, PersonRow, Secret, SecretPurpose, SessionRow};
pub use store_error::StoreError;
