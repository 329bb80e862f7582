//! What a staff member's seat may do now. A seat outlives the request that opened it: roles are taken, sessions end and tokens
//! are revoked meanwhile, perhaps by another process, so each act reads them anew.

use std::sync::Arc;

use kernel::Timestamp;

use super::voice::Powers;
use crate::access::{Act, Place, may};
use crate::ports::{People, StoreError, Tokens};
use crate::{Actor, App, Proof};

#[derive(Debug)]
pub(super) struct Rights {
    people: Arc<dyn People>,
    tokens: Arc<dyn Tokens>,
    actor: Actor,
    place: Place,
}

impl Rights {
    pub(super) fn of(app: &App, actor: &Actor, place: Place) -> Self {
        let (people, tokens) = (Arc::clone(&app.ports.people), Arc::clone(&app.ports.tokens));
        Self { people, tokens, actor: actor.clone(), place }
    }

    /// None at all once the session or token is gone.
    pub(super) async fn now(&self, now: Timestamp) -> Result<Powers, StoreError> {
        let row = match (&self.actor.proof, self.actor.person_id()) {
            (Some(Proof::Session(hash)), _) => self.people.session(hash, now).await?.map(|session| session.person),
            (Some(Proof::Token(hash)), _) => self.tokens.token(hash).await?.map(|(_, person)| person),
            (None, Some(person)) => self.people.person(person).await?,
            (None, None) => None,
        };
        let actor = Actor { person: row.map(|row| row.person()), ..self.actor.clone() };
        Ok(Powers::of(&actor, self.place))
    }
}

impl Powers {
    pub(super) fn of(actor: &Actor, place: Place) -> Self {
        Self { run: may(actor, Act::RunShow, place), moderate: may(actor, Act::Moderate, place) }
    }
}
