//! What a signed-in buyer keeps for the next time: looked at, added to by a checkout that says so, and forgotten.

use kernel::{EntryId, PersonId};
use shop::buyer::Buyer;
use shop::wallet::{SavedAddress, Wallet};

use crate::{Actor, App, Code, PersonKind, Problem};

/// Whose wallet it is.
///
/// # Errors
/// `sign_in_first` for who has no account, and for staff, who buy as guests.
pub(super) fn owner(actor: &Actor) -> Result<PersonId, Problem> {
    let buyer = actor.person.as_ref().filter(|person| person.kind == PersonKind::Buyer);
    buyer.map(|person| person.id).ok_or_else(|| Code::SignInFirst.into())
}

/// The caller's own, the newest of each first.
pub async fn wallet(app: &App, actor: &Actor) -> Result<Wallet, Problem> {
    Ok(app.till.desk.wallets.wallet(owner(actor)?).await?)
}

/// Keeps where a checkout sends to.
pub(super) async fn keep_address(app: &App, actor: &Actor, buyer: Buyer) -> Result<(), Problem> {
    let (person, saved_at) = (owner(actor)?, app.now());
    let id = app.entropy.draw(|random| EntryId::mint(saved_at, random));
    let Buyer { contact, address, .. } = buyer;
    Ok(app.till.desk.wallets.keep_address(person, SavedAddress { id, contact, address, saved_at }).await?)
}

/// Forgets an address.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn forget_address(app: &App, actor: &Actor, id: EntryId) -> Result<(), Problem> {
    let there = app.till.desk.wallets.forget_address(owner(actor)?, id).await?;
    if there { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// Forgets a method: at once here, and with its provider as soon as that one answers.
///
/// # Errors
/// `not_found` for what is not the caller's.
pub async fn forget_method(app: &App, actor: &Actor, id: EntryId) -> Result<(), Problem> {
    let there = app.till.desk.wallets.end_method(owner(actor)?, id, app.now()).await?;
    if !there {
        return Err(Code::NotFound.into());
    }
    // Where the provider is slow, the job asks again.
    if let Err(problem) = app.till.desk.forget_methods().await {
        tracing::warn!(%problem, "a method is let go later");
    }
    Ok(())
}
