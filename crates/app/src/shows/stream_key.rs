//! Stream keys: what an encoder shows at the door. Kept hashed for finding, and sealed for showing again.

use kernel::ShowId;

use super::{change, find_for};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::people::token;
use crate::{Actor, App, Problem, seal};

const PURPOSE: &str = "stream_key";

pub(super) struct Minted {
    pub(super) hash: String,
    pub(super) sealed: String,
}

pub(super) fn mint(app: &App) -> Result<Minted, Problem> {
    let key = app.entropy.draw(token::mint);
    Ok(Minted { hash: token::hash(&key), sealed: seal::seal(app, PURPOSE, &key)? })
}

/// The key, for who sets up the encoder.
pub async fn show_key(app: &App, actor: &Actor, id: ShowId) -> Result<String, Problem> {
    let show = find_for(app, actor, Act::RunShow, id).await?;
    seal::open(app, PURPOSE, &show.stream_key_sealed)
}

/// A new key: the old one opens nothing any more, and who publishes with it is disconnected.
pub async fn rotate(app: &App, actor: &Actor, id: ShowId) -> Result<String, Problem> {
    find_for(app, actor, Act::ManageShows, id).await?;
    let minted = mint(app)?;
    let show = change(app, id, |show| {
        show.stream_key_hash.clone_from(&minted.hash);
        show.stream_key_sealed.clone_from(&minted.sealed);
        Ok(())
    })
    .await?;
    app.ports.air.kick(id);
    note(app, actor, Entry::new(Deed::StreamKeyRotated, id).of_show(id)).await;
    seal::open(app, PURPOSE, &show.stream_key_sealed)
}
