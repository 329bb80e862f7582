//! The ports to the outside: objects and pictures, mail and messages, payments.

mod objects;
mod pictures;
mod sandbox;

pub use objects::FolderObjects;
pub use pictures::WebpPictures;
pub use sandbox::{SIGNATURE_HEADER, Sandbox, SandboxSettings};
