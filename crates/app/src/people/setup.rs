//! The first start: a one-time link makes the owner.

use kernel::{Millis, PersonId};
use shop::buyer::read_email;

use super::{password, token};
use crate::ports::{NewStaff, Secret, SecretPurpose, StoreError};
use crate::{Actor, App, Code, Membership, Problem, Role, Scope};

/// The link holds for a day; the next start prints another while there is no owner.
const VALID: Millis = Millis::from_days(1);
const LONGEST_NAME_CHARS: usize = 80;

/// A secret for the address `/setup?token=…`, or none when the house has its owner.
pub async fn setup_token(app: &App) -> Result<Option<String>, Problem> {
    if app.ports.people.any_owner().await? {
        return Ok(None);
    }
    let secret = app.entropy.draw(token::mint);
    let now = app.now();
    let until = now + VALID;
    let row = Secret { purpose: SecretPurpose::Setup, hash: token::hash(&secret), subject: String::new(), until };
    app.ports.people.add_secret(row, now).await?;
    Ok(Some(secret))
}

#[derive(Clone, Debug)]
pub struct MakeOwner {
    pub token: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// Makes the owner, once.
pub async fn make_owner(app: &App, command: MakeOwner) -> Result<PersonId, Problem> {
    let staff = checked_staff(app, command.name, &command.email, command.password).await?;
    if app.ports.people.any_owner().await? {
        return Err(Code::AlreadySetUp.into());
    }
    let used = app.ports.people.use_secret(SecretPurpose::Setup, &token::hash(&command.token), staff.now).await?;
    used.ok_or(Code::LinkUsedOrExpired)?;
    let owner = NewStaff { memberships: vec![Membership { role: Role::Owner, scope: Scope::House }], ..staff };
    let id = owner.id;
    app.ports.people.add_staff(owner).await?;
    Ok(id)
}

/// Adds staff with a password: the furnishing of a demo, by the house alone.
pub async fn add_staff(
    app: &App,
    actor: &Actor,
    name: String,
    email: &str,
    password: String,
    memberships: Vec<Membership>,
) -> Result<PersonId, Problem> {
    if !actor.house {
        return Err(Code::NotAllowed.into());
    }
    let staff = NewStaff { memberships, ..checked_staff(app, name, email, password).await? };
    let id = staff.id;
    app.ports.people.add_staff(staff).await.map_err(|error| match error {
        StoreError::Duplicate(_) => Problem::field("email", "taken"),
        other => other.into(),
    })?;
    Ok(id)
}

/// A name, an address and a password that can be taken, with the password hashed.
pub(crate) async fn checked_staff(app: &App, name: String, email: &str, password: String) -> Result<NewStaff, Problem> {
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Problem::field("name", "missing"));
    }
    if name.chars().count() > LONGEST_NAME_CHARS {
        return Err(Problem::field("name", "too_long"));
    }
    let email = checked_email(email)?;
    password::checked(&password)?;
    let password_hash = password::hash(app, password).await?;
    let now = app.now();
    let id = app.entropy.draw(|random| PersonId::mint(now, random));
    Ok(NewStaff { id, name, email, password_hash, memberships: Vec::new(), now })
}

/// The address of staff and buyers alike, as [`read_email`] reads it.
pub(super) fn checked_email(email: &str) -> Result<String, Problem> {
    read_email(email.trim()).ok_or_else(|| Problem::field("email", "not_an_email"))
}
