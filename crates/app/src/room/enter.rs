//! Somebody enters a room.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{Language, ViewerId};
use room::{ChatName, Command, Refusal, StaffRole, limits};

use super::ask::Position;
use super::client_frame::Asked;
use super::leader::lock;
use super::refused::Refused;
use super::rights::Rights;
use super::seat::Seat;
use super::voice::{Guest, Powers, Submitted, Voice};
use crate::access::{Act, Place, require};
use crate::ports::{RoomKey, Stage, StoreError};
use crate::till::basket::owner;
use crate::{Actor, App, Code, Problem, Role};

/// Connections of one viewer to one room; a person has so many devices and tabs.
const CONNECTIONS: u32 = 20;

/// Takes a seat. Returns what to send first: a hello, then the missed tail if the position could be resumed from.
///
/// # Errors
/// `not_found` when there is no such room, `viewer_needed` without a viewer's or person's identity, the access problems
/// of a rehearsal, `slow_down` past 20 connections of one viewer, `busy` when the room cannot be opened now.
pub async fn enter(
    app: &App,
    actor: &Actor,
    room: RoomKey,
    position: Option<Position>,
    language: Language,
) -> Result<(Vec<Bytes>, Seat), Problem> {
    let Voice { handle, guest, .. } = voice(app, actor, room, language).await?;
    if lock(&handle.presence).connections(guest.viewer_id()) >= CONNECTIONS {
        return Err(Problem::from(Code::SlowDown).retry_after(10));
    }
    app.rooms.take_seat(room, guest, position).await?.ok_or_else(|| Code::NotFound.into())
}

/// One frame of somebody who listens by an event stream. Returns the encoded answer, if the frame has one.
///
/// # Errors
/// As [`enter`]; `slow_down` past the frames of one person, which are counted with those of their sockets.
pub async fn speak(
    app: &App,
    actor: &Actor,
    room: RoomKey,
    text: &str,
    language: Language,
) -> Result<Option<Bytes>, Problem> {
    match voice(app, actor, room, language).await?.hear(text).await {
        Submitted::Nothing => Ok(None),
        Submitted::Flood => Err(Problem::from(Code::SlowDown).retry_after(1)),
        Submitted::Answer(answer) | Submitted::Nonsense(answer) => Ok(Some(answer)),
        Submitted::Later(answer) => Ok(Some(answer.wait().await)),
    }
}

/// A command of somebody of the shop that comes by another way than the room's own frames. Waits until it is durable.
///
/// # Errors
/// As [`enter`]; `not_allowed` where the role does not include it, `not_found` for what is not in the room, `busy`.
pub(crate) async fn act(
    app: &App,
    actor: &Actor,
    room: RoomKey,
    command: Command,
    reason: String,
    language: Language,
) -> Result<(), Problem> {
    let asked = Asked { reference: String::new(), command, reason, market: (None, None) };
    let done = voice(app, actor, room, language).await?.does(asked).await;
    done.map_err(|refused| match refused {
        Refused::Busy => StoreError::Busy.into(),
        Refused::Room(Refusal::UnknownMessage) => Code::NotFound.into(),
        _ => Code::NotAllowed.into(),
    })
}

async fn voice(app: &App, actor: &Actor, room: RoomKey, language: Language) -> Result<Voice, Problem> {
    let handle = app.rooms.open(room).await?.ok_or(Code::NotFound)?;
    let place = Place::show(handle.brand, room.show);
    if room.stage == Stage::Rehearsal {
        require(actor, Act::SeeStudio, place)?;
    }
    let guest = guest(app, actor, place, language).await?;
    Ok(Voice { handle, guest, rooms: Arc::clone(&app.rooms) })
}

async fn guest(app: &App, actor: &Actor, place: Place, language: Language) -> Result<Guest, Problem> {
    let powers = Powers::of(actor, place);
    let person = actor.person_id();
    // Staff without a viewer's cookie count as one viewer on all their devices.
    let from_person = || person.and_then(|id| id.to_string().parse::<ViewerId>().ok());
    let id = actor.viewer.or_else(from_person).ok_or(Code::ViewerNeeded)?;
    let chosen = app.ports.chat_names.chat_name(id).await?.and_then(|name| ChatName::parse(&name).ok());
    let seated = match (person, staff_role(actor, place)) {
        (Some(person_id), Some(role)) if powers != Powers::default() => {
            let row = app.ports.people.person(person_id).await?;
            let own = row.and_then(|row| ChatName::parse(&first_graphemes(&row.name)).ok());
            let name = own.or(chosen).ok_or_else(|| Problem::field("name", "missing"))?;
            room::Actor::Staff { id, person_id, name, role }
        }
        _ => room::Actor::Viewer { id, name: chosen },
    };
    let rights = actor.is_staff().then(|| Arc::new(Rights::of(app, actor, place)));
    let buyer = owner(actor).unwrap_or(id);
    Ok(Guest { actor: Arc::new(seated), person, buyer, powers, rights, language })
}

fn first_graphemes(name: &str) -> String {
    name.chars().take(limits::NAME_GRAPHEMES).collect()
}

/// As whom the person speaks: their highest role that reaches this show.
pub(super) fn staff_role(actor: &Actor, place: Place) -> Option<StaffRole> {
    let held = actor.person.iter().flat_map(|person| &person.memberships);
    held.filter(|membership| place.is_within(membership.scope)).map(|membership| membership.role).min().map(|role| {
        match role {
            Role::Owner => StaffRole::Owner,
            Role::Merchant => StaffRole::Merchant,
            Role::Host => StaffRole::Host,
            Role::Assistant => StaffRole::Assistant,
            Role::Fulfilment => StaffRole::Fulfilment,
        }
    })
}
