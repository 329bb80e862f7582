//! People: the first owner, signing in and out, and who a request comes from.

pub mod identify;
pub mod password;
pub mod setup;
pub mod sign_in;
pub mod token;
