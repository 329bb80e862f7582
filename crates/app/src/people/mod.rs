//! People: the first owner, signing in and out, and who a request comes from.

pub mod api_tokens;
pub mod buyers;
pub mod identify;
pub mod invitations;
pub mod password;
pub mod setup;
pub mod sign_in;
pub mod staff;
pub mod sweep;
pub mod token;

use kernel::PersonId;

use crate::{App, Problem};

/// What a person of the house is called in public: a host on a card. Empty when they are no longer there.
pub async fn person_name(app: &App, id: PersonId) -> Result<String, Problem> {
    Ok(app.ports.people.person(id).await?.map(|person| person.name).unwrap_or_default())
}
