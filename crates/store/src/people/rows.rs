//! From rows to the port's types and back.

use app::ports::{PersonRow, StoreError};
use app::{Membership, PersonKind, Role, Scope};
use kernel::{PersonId, Timestamp};
use sea_orm::ActiveValue::Set;

use super::entity::{membership, person};
use crate::text::parse;

pub(crate) const fn kind_text(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Staff => "staff",
        PersonKind::Buyer => "buyer",
    }
}

pub(crate) fn person_row(found: person::Model, held: Vec<membership::Model>) -> Result<PersonRow, StoreError> {
    Ok(PersonRow {
        id: parse(&found.id)?,
        kind: if found.kind == "staff" { PersonKind::Staff } else { PersonKind::Buyer },
        name: found.name,
        email: found.email,
        phone: found.phone,
        password_hash: found.password_hash,
        memberships: held.iter().map(read_membership).collect::<Result<_, _>>()?,
        created_at: Timestamp::from_unix_micros(found.created_at),
        last_seen: found.last_seen.map(Timestamp::from_unix_micros),
    })
}

fn read_membership(row: &membership::Model) -> Result<Membership, StoreError> {
    membership_of(&row.role, &row.scope_kind, &row.scope_id)
}

/// A membership of its three columns.
pub(crate) fn membership_of(role: &str, scope_kind: &str, scope_id: &str) -> Result<Membership, StoreError> {
    let unreadable = || StoreError::Failed(format!("unreadable in the store: {role} {scope_kind}"));
    let role = Role::parse(role).ok_or_else(unreadable)?;
    let scope = match scope_kind {
        "house" => Scope::House,
        "brand" => Scope::Brand(parse(scope_id)?),
        "show" => Scope::Show(parse(scope_id)?),
        _ => return Err(unreadable()),
    };
    Ok(Membership { role, scope })
}

/// A scope as its two columns.
pub(crate) fn scope_columns(scope: Scope) -> (&'static str, String) {
    match scope {
        Scope::House => ("house", String::new()),
        Scope::Brand(brand) => ("brand", brand.to_string()),
        Scope::Show(show) => ("show", show.to_string()),
    }
}

pub(crate) fn membership_row(person: PersonId, held: Membership) -> membership::ActiveModel {
    let (kind, id) = scope_columns(held.scope);
    membership::ActiveModel {
        person_id: Set(person.to_string()),
        role: Set(held.role.as_str().into()),
        scope_kind: Set(kind.into()),
        scope_id: Set(id),
    }
}
