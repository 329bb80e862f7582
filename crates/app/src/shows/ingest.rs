//! The door for encoders: whose key is this, and what becomes of the show when the picture comes and goes.

use std::sync::Arc;

use async_trait::async_trait;
use hub::Lifecycle;
use kernel::{ProgrammeId, ShowId};

use super::change;
use super::room_source::tell_state;
use crate::people::token;
use crate::ports::{Grant, Ingest, PublishRefusal};
use crate::{App, Problem};

/// The use cases behind [`Ingest`].
#[derive(Clone, Debug)]
pub struct Doorkeeper(pub Arc<App>);

#[async_trait]
impl Ingest for Doorkeeper {
    /// A planned show whose encoder comes early is rehearsed: nobody but staff sees it until it goes live.
    async fn authorise(&self, stream_key: &str) -> Result<Grant, PublishRefusal> {
        let app = &self.0;
        let unavailable = |_| PublishRefusal::Unavailable;
        let found = app.ports.shows.by_stream_key(&token::hash(stream_key)).await.map_err(unavailable)?;
        let id = found.ok_or(PublishRefusal::UnknownKey)?.id;
        let now = app.now();
        let programme = app.entropy.draw(|random| ProgrammeId::mint(now, random));
        let show = change(app, id, |show| {
            if show.lifecycle == Lifecycle::Planned {
                show.lifecycle = Lifecycle::Rehearsing { programme };
            }
            Ok(())
        })
        .await
        .map_err(|_: Problem| PublishRefusal::Unavailable)?;
        let programme = show.lifecycle.programme().ok_or(PublishRefusal::ShowEnded)?;
        Ok(Grant { show: id, programme, stage: super::stage(&show) })
    }

    async fn came(&self, show: ShowId) {
        self.publisher(show, false).await;
    }

    async fn left(&self, show: ShowId) {
        self.publisher(show, true).await;
    }
}

impl Doorkeeper {
    async fn publisher(&self, id: ShowId, gone: bool) {
        let told = change(&self.0, id, |show| {
            show.lifecycle = show.lifecycle.publisher(gone);
            Ok(())
        })
        .await;
        match told {
            Ok(show) => tell_state(&self.0, &show).await,
            Err(problem) => tracing::warn!(show = %id, %problem, gone, "the show was not told of its publisher"),
        }
    }
}
