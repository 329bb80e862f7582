//! From what a request carries to who asks.

use kernel::ViewerId;

use super::token;
use crate::ports::PersonRow;
use crate::{Actor, App, Person, Problem};

/// The credentials of one request; each may be absent or stale.
#[derive(Clone, Debug, Default)]
pub struct Credentials<'a> {
    pub session: Option<&'a str>,
    pub viewer: Option<&'a str>,
}

/// Who asks, and their row when they are signed in. Stale credentials count as none.
pub async fn identify(app: &App, given: Credentials<'_>) -> Result<(Actor, Option<PersonRow>), Problem> {
    let viewer = given.viewer.and_then(|text| token::verify_viewer(&app.master_key, text));
    let session = match given.session {
        Some(secret) => app.ports.people.session(&token::hash(secret), app.now()).await?,
        None => None,
    };
    let row = session.map(|session| session.person);
    let person = row.as_ref().map(|row| Person { id: row.id, kind: row.kind, memberships: row.memberships.clone() });
    Ok((Actor { viewer, person, ..Actor::default() }, row))
}

/// A new viewer and the token to give them.
#[must_use]
pub fn mint_viewer(app: &App) -> (ViewerId, String) {
    let now = app.now();
    let viewer = app.entropy.draw(|random| ViewerId::mint(now, random));
    (viewer, token::sign_viewer(&app.master_key, viewer))
}
