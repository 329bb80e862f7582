//! Invitations: a link by mail that makes its reader staff, once.

use kernel::{InvitationId, Language, Millis, PersonId};

use super::setup::{checked_email, checked_staff};
use super::sign_in::{self, Opened};
use super::staff::{manages, place_of};
use super::token;
use crate::access::{self, Act};
use crate::audit::{Deed, Entry, note};
use crate::messages::people::Writer;
use crate::messages::{self, Reach};
use crate::ports::{About, Acceptance, Channel, InvitationRow, NewStaff};
use crate::{Actor, App, Code, Membership, Problem, house};

/// How long the link holds.
const VALID: Millis = Millis::from_days(7);
/// Invitations that may be open at once.
const MOST_OPEN: usize = 200;

/// Those that can still be accepted and are the actor's to withdraw, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<InvitationRow>, Problem> {
    access::require_somewhere(actor, Act::ManagePeople)?;
    let mut own = Vec::new();
    for row in app.ports.invitations.open_invitations(app.now()).await? {
        if manages(app, actor, row.membership.scope).await? {
            own.push(row);
        }
    }
    Ok(own)
}

/// Invites somebody by mail, in the language that the inviter reads. The link is in the mail alone.
pub async fn invite(
    app: &App,
    actor: &Actor,
    email: &str,
    membership: Membership,
    language: &Language,
) -> Result<InvitationRow, Problem> {
    access::require_somewhere(actor, Act::ManagePeople)?;
    let place = place_of(app, membership.scope).await?.ok_or_else(|| Problem::field("scope.id", "not_found"))?;
    access::require(actor, Act::ManagePeople, place)?;
    let email = checked_email(email)?;
    let now = app.now();
    if app.ports.invitations.open_invitations(now).await?.len() >= MOST_OPEN {
        return Err(Problem::field("email", "too_many_invitations"));
    }
    let (id, secret) = app.entropy.draw(|random| (InvitationId::mint(now, random), token::mint(random)));
    let invited_by = actor.person_id();
    let row = InvitationRow { id, email, membership, invited_by, created_at: now, until: now + VALID };
    app.ports.invitations.add_invitation(row.clone(), token::hash(&secret)).await?;
    let house = house::get(app).await?.name;
    let inviter = match invited_by {
        Some(person) => super::person_name(app, person).await?,
        None => house.clone(),
    };
    let url = format!("{}/invitation?token={secret}", app.messages.public_url);
    let letter = Writer { house: &house, language }.invitation(&inviter, membership.role, url);
    let reach = Reach { channel: Channel::Mail, to: row.email.clone() };
    messages::queue(app, About::Invitation, reach, &letter, VALID).await?;
    note(app, actor, Entry::new(Deed::PersonInvited, row.id).detail(membership.role.as_str())).await;
    Ok(row)
}

/// Takes an invitation back: its link opens nothing any more.
pub async fn withdraw(app: &App, actor: &Actor, id: InvitationId) -> Result<(), Problem> {
    let row = list(app, actor).await?.into_iter().find(|row| row.id == id).ok_or(Code::NotFound)?;
    if !app.ports.invitations.withdraw(id).await? {
        return Err(Code::NotFound.into());
    }
    note(app, actor, Entry::new(Deed::InvitationWithdrawn, row.id)).await;
    Ok(())
}

/// Accepts with a name and a password. Who is new gets a session at once; who was staff before keeps name and password,
/// and signs in with it.
pub async fn accept(app: &App, secret: &str, name: String, password: String) -> Result<Option<Opened>, Problem> {
    let token_hash = token::hash(secret);
    // Looked at before the password is hashed: guessing links must not cost us more than them.
    let row = app.ports.invitations.invitation(&token_hash, app.now()).await?.ok_or(Code::LinkUsedOrExpired)?;
    let staff: NewStaff = checked_staff(app, name, &row.email, password).await?;
    let NewStaff { id, name, password_hash, now, .. } = staff;
    let acceptance = Acceptance { token_hash, person: id, name, password_hash, now };
    let joined = app.ports.invitations.accept(acceptance).await?.ok_or(Code::LinkUsedOrExpired)?;
    let person: PersonId = joined.person;
    let row = app.ports.people.person(person).await?.ok_or(Code::LinkUsedOrExpired)?;
    let entry = Entry::new(Deed::PersonJoined, row.id).detail(joined.membership.role.as_str());
    let as_joined = Actor { person: Some(row.person()), ..Actor::default() };
    note(app, &as_joined, entry).await;
    if joined.was_staff { Ok(None) } else { sign_in::open(app, person).await.map(Some) }
}
