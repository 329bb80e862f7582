//! Mail by SMTP, or messages as files in a folder.

mod folder;
mod smtp;

pub use folder::MessageFolder;
pub use smtp::{Smtp, SmtpError};
