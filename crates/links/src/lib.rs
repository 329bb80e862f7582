//! The ports to the outside: objects and pictures, mail and messages, payments.

mod objects;
mod pictures;

pub use objects::FolderObjects;
pub use pictures::WebpPictures;
