//! What a staff member's seat may do now. A seat outlives the request that opened it: roles are taken, sessions end and tokens
//! are revoked meanwhile, perhaps by another process, so each act reads them anew.

use std::sync::Arc;

use kernel::Timestamp;
use room::StaffRole;

use super::enter::staff_role;
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
    /// As it was when the seat was taken.
    standing: Standing,
}

/// What a seat of the shop's is taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    powers: Powers,
    role: Option<StaffRole>,
    /// Whether a rehearsal is open to them.
    sees: bool,
}

impl Standing {
    fn of(actor: &Actor, place: Place) -> Self {
        let (powers, role) = (Powers::of(actor, place), staff_role(actor, place));
        Self { powers, role, sees: may(actor, Act::SeeStudio, place) }
    }
}

impl Rights {
    pub(super) fn of(app: &App, actor: &Actor, place: Place) -> Self {
        let (people, tokens) = (Arc::clone(&app.ports.people), Arc::clone(&app.ports.tokens));
        Self { people, tokens, actor: actor.clone(), place, standing: Standing::of(actor, place) }
    }

    /// None at all once the session or token is gone.
    pub(super) async fn now(&self, now: Timestamp) -> Result<Powers, StoreError> {
        Ok(Powers::of(&self.actor_now(now).await?, self.place))
    }

    /// Whether who took the seat stands as they did then. Who lost or won something comes back, and is seated by it.
    pub(super) async fn stand(&self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(Standing::of(&self.actor_now(now).await?, self.place) == self.standing)
    }

    async fn actor_now(&self, now: Timestamp) -> Result<Actor, StoreError> {
        let row = match (&self.actor.proof, self.actor.person_id()) {
            (Some(Proof::Session(hash)), _) => self.people.session(hash, now).await?.map(|session| session.person),
            (Some(Proof::Token(hash)), _) => self.tokens.token(hash).await?.map(|(_, person)| person),
            (None, Some(person)) => self.people.person(person).await?,
            (None, None) => None,
        };
        Ok(Actor { person: row.map(|row| row.person()), ..self.actor.clone() })
    }
}

impl Powers {
    pub(super) fn of(actor: &Actor, place: Place) -> Self {
        Self {
            run: may(actor, Act::RunShow, place),
            moderate: may(actor, Act::Moderate, place),
            moderate_house: may(actor, Act::Moderate, Place::HOUSE),
        }
    }
}
