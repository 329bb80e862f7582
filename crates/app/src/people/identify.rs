//! From what a request carries to who asks.

use kernel::ViewerId;

use super::{api_tokens, token};
use crate::ports::PersonRow;
use crate::{Actor, App, Problem, Proof};

/// The credentials of one request; each may be absent or stale.
#[derive(Clone, Debug, Default)]
pub struct Credentials<'a> {
    /// An API token; it goes before everything else.
    pub token: Option<&'a str>,
    pub session: Option<&'a str>,
    pub viewer: Option<&'a str>,
}

/// Who asks, and their row when they are signed in. Stale cookies count as none; a token that opens nothing is refused.
pub async fn identify(app: &App, given: Credentials<'_>) -> Result<(Actor, Option<PersonRow>), Problem> {
    let viewer = given.viewer.and_then(|text| token::verify_viewer(&app.master_key, text));
    if let Some(secret) = given.token {
        let (found, row) = api_tokens::identify(app, secret).await?;
        let (person, proof) = (Some(row.person()), Some(Proof::Token(token::hash(secret))));
        let actor = Actor { person, proof, token_scopes: Some(found.scopes), ..Actor::default() };
        return Ok((actor, Some(row)));
    }
    let session = match given.session {
        Some(secret) => app.ports.people.session(&token::hash(secret), app.now()).await?,
        None => None,
    };
    let row = session.map(|session| session.person);
    let person = row.as_ref().map(PersonRow::person);
    let proof = given.session.filter(|_| person.is_some()).map(|secret| Proof::Session(token::hash(secret)));
    Ok((Actor { viewer, person, proof, ..Actor::default() }, row))
}

/// A new viewer and the token to give them.
#[must_use]
pub fn mint_viewer(app: &App) -> (ViewerId, String) {
    let now = app.now();
    let viewer = app.entropy.draw(|random| ViewerId::mint(now, random));
    (viewer, token::sign_viewer(&app.master_key, viewer))
}
