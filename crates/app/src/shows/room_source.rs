//! What a show's room is told: where the show stands and which numbers are in its tray.

use std::sync::Arc;

use async_trait::async_trait;
use hub::{LOBBY, Lifecycle, ShowPhase};
use kernel::{ShowId, Timestamp, ViewerId};
use room::{Notice, ShowState};

use crate::App;
use crate::ports::{
    ActedBy, Clock, Moderation, RoomBrief, RoomFeed, RoomKey, RoomSource, ShowRow, Shows, Stage, StoreError,
};

/// Opens rooms from the shows' store.
#[derive(Clone, Debug)]
pub struct ShowRooms {
    pub shows: Arc<dyn Shows>,
    pub moderation: Arc<dyn Moderation>,
    pub clock: Arc<dyn Clock>,
}

const fn state(phase: ShowPhase) -> ShowState {
    match phase {
        ShowPhase::Scheduled => ShowState::Scheduled,
        ShowPhase::Lobby => ShowState::Lobby,
        ShowPhase::Live => ShowState::Live,
        ShowPhase::Away => ShowState::Away,
        ShowPhase::Ended => ShowState::Ended,
    }
}

fn lobby_at(show: &ShowRow) -> Timestamp {
    show.plan.starts_at - LOBBY
}

fn numbers(show: &ShowRow) -> Vec<u32> {
    show.run_sheet.items.iter().map(|item| item.number).collect()
}

#[async_trait]
impl RoomSource for ShowRooms {
    async fn brief(&self, room: RoomKey) -> Result<Option<RoomBrief>, StoreError> {
        let Some(show) = self.shows.show(room.show).await? else { return Ok(None) };
        let rehearsing = matches!(show.lifecycle, Lifecycle::Rehearsing { .. });
        let state = match room.stage {
            Stage::Rehearsal if !rehearsing => return Ok(None),
            Stage::Rehearsal => ShowState::Live,
            Stage::Live => state(show.lifecycle.phase(self.clock.now(), show.plan.starts_at)),
        };
        Ok(Some(RoomBrief {
            brand: show.plan.brand,
            state,
            programme_id: super::programme(&show, room.stage),
            lobby_at: lobby_at(&show),
            numbers: numbers(&show),
        }))
    }

    async fn has_paid(&self, buyer: ViewerId) -> Result<bool, StoreError> {
        self.moderation.has_paid(buyer).await
    }
}

/// Tells the public room where the show stands now.
pub(super) async fn tell_state(app: &App, show: &ShowRow) {
    let notice = Notice::ShowState {
        state: state(show.lifecycle.phase(app.now(), show.plan.starts_at)),
        programme_id: super::programme(show, Stage::Live),
    };
    let room = RoomKey { show: show.id, stage: Stage::Live };
    app.rooms.post(room, notice).await;
    app.rooms.lobby_opens(room, lobby_at(show)).await;
}

/// Tells every room of the show, and staff who did it.
pub(crate) async fn tell_all(app: &App, show: ShowId, notice: Notice, by: Option<ActedBy>) {
    for stage in Stage::BOTH {
        app.rooms.post_by(RoomKey { show, stage }, notice.clone(), by.clone()).await;
    }
}

/// Tells every room of the show what is in the tray now.
pub(super) async fn tell_tray(app: &App, show: &ShowRow) {
    tell_all(app, show.id, Notice::TrayChanged { numbers: numbers(show) }, None).await;
}
