//! The ports to the outside: objects and pictures, mail and messages, payments, certificates.

pub mod certificates;
mod journal;
mod messages;
mod objects;
mod pictures;
#[cfg(feature = "conformance")]
pub mod s3_server;
mod sandbox;
mod signed;
mod stripe;
#[cfg(feature = "conformance")]
pub mod stripe_fake;

pub use journal::JournalFolder;
pub use messages::{MessageFolder, Smtp, SmtpError};
pub use objects::{ObjectsError, StoredObjects};
pub use pictures::WebpPictures;
pub use sandbox::{Sandbox, SandboxSettings};
pub use stripe::{Secret, Stripe, StripeSettings};
