//! The ports to the outside: objects and pictures, mail and messages, payments.

mod messages;
mod objects;
mod pictures;
mod sandbox;

pub use messages::{MessageFolder, Smtp, SmtpError};
pub use objects::FolderObjects;
pub use pictures::WebpPictures;
pub use sandbox::{Sandbox, SandboxSettings};
