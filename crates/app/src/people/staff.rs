//! The people of the house and what each is trusted with.

use kernel::PersonId;

use crate::access::{self, Act, Place};
use crate::audit::{Deed, Entry, note};
use crate::ports::PersonRow;
use crate::{Actor, App, Code, Membership, PersonKind, Problem, Scope, shows};

/// Roles that one person may hold at once.
const MOST_ROLES: usize = 50;

/// Where a scope lies, for [`access`]; none for a brand or show that is not there.
pub(super) async fn place_of(app: &App, scope: Scope) -> Result<Option<Place>, Problem> {
    Ok(match scope {
        Scope::House => Some(Place::HOUSE),
        Scope::Brand(brand) => app.ports.catalogue.brand(brand).await?.map(|brand| Place::brand(brand.id)),
        Scope::Show(show) => app.ports.shows.show(show).await?.map(|show| shows::place(&show)),
    })
}

/// Who may be seen: everybody by who manages the house's people, those of a brand or show by who manages its people.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<PersonRow>, Problem> {
    access::require_somewhere(actor, Act::ManagePeople)?;
    let everybody = app.ports.people.staff().await?;
    if access::may(actor, Act::ManagePeople, Place::HOUSE) {
        return Ok(everybody);
    }
    let mut seen = Vec::new();
    for mut person in everybody {
        let mut own = Vec::new();
        for held in std::mem::take(&mut person.memberships) {
            if manages(app, actor, held.scope).await? {
                own.push(held);
            }
        }
        if !own.is_empty() {
            seen.push(PersonRow { memberships: own, ..person });
        }
    }
    Ok(seen)
}

pub(super) async fn manages(app: &App, actor: &Actor, scope: Scope) -> Result<bool, Problem> {
    let place = place_of(app, scope).await?;
    // What is no longer there is the house's to tidy up.
    Ok(access::may(actor, Act::ManagePeople, place.unwrap_or(Place::HOUSE)))
}

/// Replaces what a person is trusted with. Each role that comes or goes must be the actor's to give; the house keeps an
/// owner.
pub async fn set_memberships(
    app: &App,
    actor: &Actor,
    id: PersonId,
    mut wanted: Vec<Membership>,
) -> Result<PersonRow, Problem> {
    access::require_somewhere(actor, Act::ManagePeople)?;
    let person = app.ports.people.person(id).await?.filter(|person| person.kind == PersonKind::Staff);
    let person = person.ok_or(Code::NotFound)?;
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > MOST_ROLES {
        return Err(Problem::field("memberships", "too_many"));
    }
    for (at, held) in wanted.iter().enumerate() {
        if place_of(app, held.scope).await?.is_none() && !person.memberships.contains(held) {
            return Err(Problem::field(format!("{at}.scope.id"), "not_found"));
        }
    }
    let comes = wanted.iter().filter(|held| !person.memberships.contains(held));
    let goes = person.memberships.iter().filter(|held| !wanted.contains(held));
    for held in comes.chain(goes) {
        if !manages(app, actor, held.scope).await? {
            return Err(Code::NotAllowed.into());
        }
    }
    if !app.ports.people.set_memberships(id, wanted.clone()).await? {
        return Err(Code::LastOwner.into());
    }
    app.rooms.rights_changed();
    let roles: Vec<&str> = wanted.iter().map(|held| held.role.as_str()).collect();
    note(app, actor, Entry::new(Deed::RolesChanged, id).detail(roles.join(", "))).await;
    Ok(PersonRow { memberships: wanted, ..person })
}
