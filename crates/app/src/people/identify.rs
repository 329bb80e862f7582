//! From what a request carries to who asks.

use kernel::ViewerId;

use super::{api_tokens, token};
use crate::ports::PersonRow;
use crate::{Actor, App, Problem};

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
        let (token, row) = api_tokens::identify(app, secret).await?;
        let actor = Actor { person: Some(row.person()), token_scopes: Some(token.scopes), ..Actor::default() };
        return Ok((actor, Some(row)));
    }
    let session = match given.session {
        Some(secret) => app.ports.people.session(&token::hash(secret), app.now()).await?,
        None => None,
    };
    let row = session.map(|session| session.person);
    let person = row.as_ref().map(PersonRow::person);
    Ok((Actor { viewer, person, ..Actor::default() }, row))
}

/// A new viewer and the token to give them.
#[must_use]
pub fn mint_viewer(app: &App) -> (ViewerId, String) {
    let now = app.now();
    let viewer = app.entropy.draw(|random| ViewerId::mint(now, random));
    (viewer, token::sign_viewer(&app.master_key, viewer))
}
