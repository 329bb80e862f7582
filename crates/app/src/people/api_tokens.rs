//! Personal API tokens: what a program may do in a person's name, never more than the person, and less where it is limited.

use kernel::{Millis, TokenId};

use super::token;
use crate::access::{self, Act};
use crate::audit::{Deed, Entry, note};
use crate::ports::{PersonRow, TokenRow};
use crate::{Actor, App, Code, Problem};

/// What every token begins with, so that scanners for leaked secrets know it, and nobody takes it for a viewer's.
pub const PREFIX: &str = "tsk_";
const LONGEST_NAME_CHARS: usize = 80;
/// Tokens that one person may have.
const MOST: usize = 50;
/// When it was last used is told to so much: not every request is a write.
const LAST_USED: Millis = Millis::from_mins(5);

/// Only a person who is signed in makes and revokes tokens: a token does not make others.
fn owner(actor: &Actor) -> Result<kernel::PersonId, Problem> {
    let id = actor.person_id().ok_or(Code::SignInFirst)?;
    if actor.is_staff() && actor.token_scopes.is_none() { Ok(id) } else { Err(Code::NotAllowed.into()) }
}

/// The actor's own tokens, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<TokenRow>, Problem> {
    Ok(app.ports.tokens.tokens_of(owner(actor)?).await?)
}

/// Makes a token and returns its secret, which is told this once and stored hashed. Only what one may do oneself can be
/// handed on.
pub async fn create(app: &App, actor: &Actor, name: &str, scopes: &[Act]) -> Result<(TokenRow, String), Problem> {
    let person = owner(actor)?;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME_CHARS {
        return Err(Problem::field("name", if name.is_empty() { "missing" } else { "too_long" }));
    }
    if scopes.is_empty() {
        return Err(Problem::field("scopes", "missing"));
    }
    let mut own = scopes.to_vec();
    own.sort_unstable();
    own.dedup();
    for act in &own {
        access::require_somewhere(actor, *act)?;
    }
    if app.ports.tokens.tokens_of(person).await?.len() >= MOST {
        return Err(Problem::field("name", "too_many_tokens"));
    }
    let now = app.now();
    let (id, secret) = app.entropy.draw(|random| (TokenId::mint(now, random), token::mint(random)));
    let secret = format!("{PREFIX}{secret}");
    let row = TokenRow { id, person, name, scopes: own, created_at: now, last_used_at: None };
    app.ports.tokens.add_token(row.clone(), token::hash(&secret)).await?;
    let scopes: Vec<&str> = row.scopes.iter().map(|act| act.as_str()).collect();
    note(app, actor, Entry::new(Deed::TokenCreated, &row.name).detail(scopes.join(", "))).await;
    Ok((row, secret))
}

/// Revokes one of the actor's own tokens.
pub async fn revoke(app: &App, actor: &Actor, id: TokenId) -> Result<(), Problem> {
    let person = owner(actor)?;
    let row = app.ports.tokens.tokens_of(person).await?.into_iter().find(|row| row.id == id).ok_or(Code::NotFound)?;
    if !app.ports.tokens.revoke_token(person, id).await? {
        return Err(Code::NotFound.into());
    }
    app.rooms.rights_changed();
    note(app, actor, Entry::new(Deed::TokenRevoked, &row.name)).await;
    Ok(())
}

/// Whose token this is. Unlike a stale cookie, a token that opens nothing is told: a program sent it on purpose.
pub(super) async fn identify(app: &App, secret: &str) -> Result<(TokenRow, PersonRow), Problem> {
    let (row, person) = app.ports.tokens.token(&token::hash(secret)).await?.ok_or(Code::SignInFirst)?;
    let now = app.now();
    if row.last_used_at.is_none_or(|at| now - at >= LAST_USED) {
        app.ports.tokens.token_used(row.id, now).await?;
    }
    Ok((row, person))
}
