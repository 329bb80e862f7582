//! Shows as everybody sees them.

use app::access::{self, Act};
use app::catalogue;
use app::catalogue::products::{self, Free, Reader as Buyer, View};
use app::people::person_name;
use app::ports::{ShowList, ShowRow, Stage};
use app::shows::{self, figures, plan};
use app::{Actor, App, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hub::{CalendarEntry, calendar};
use kernel::{BrandId, Language, ProductId, ProgrammeId, ShowId, Timestamp};
use room::Facts;
use serde::{Deserialize, Serialize};
use shop::catalogue::Status;
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::room::RoomQuery;
use crate::routes::products::buyer;
use crate::state::Gateway;
use crate::wire::{
    AxisBody, BrandRef, BuyingQuery, DropShownBody, PictureBody, ProductCardBody, TextBody, VariantBody, axes, text,
};

/// Shows a page holds, unless asked for fewer.
const PAGE: u32 = 24;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HostBody {
    pub(crate) name: String,
}

/// A show in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowCardBody {
    id: String,
    pub(crate) title: TextBody,
    pub(crate) cover: Option<PictureBody>,
    pub(crate) host: HostBody,
    pub(crate) brand: BrandRef,
    pub(crate) starts_at: String,
    /// An IANA name: where the start was meant.
    time_zone: String,
    /// `scheduled`, `lobby`, `live`, `away` (back in a moment) or `ended`. A rehearsal looks like a planned show.
    state: String,
    viewers: u32,
}

impl ShowCardBody {
    pub(crate) async fn of(app: &App, show: &ShowRow, language: &Language) -> Result<Self, Problem> {
        let title = text(&show.plan.title, language);
        let cover = match show.plan.cover {
            Some(id) => catalogue::pictures::picture(app, id).await?,
            None => None,
        };
        let brand = app.ports.catalogue.brand(show.plan.brand).await?;
        Ok(Self {
            id: show.id.to_string(),
            cover: cover.map(|picture| PictureBody::new(picture, title.as_str())),
            title,
            host: HostBody { name: person_name(app, show.plan.host).await? },
            brand: BrandRef { id: show.plan.brand.to_string(), name: brand.map(|b| b.name).unwrap_or_default() },
            starts_at: show.plan.starts_at.to_string(),
            time_zone: show.plan.time_zone.clone(),
            state: show.lifecycle.phase(app.now(), show.plan.starts_at).as_str().into(),
            viewers: shows::viewers(app, show.id).0,
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaybackBody {
    /// The multivariant playlist.
    pub(crate) hls: String,
}

impl PlaybackBody {
    pub(crate) fn of(programme: ProgrammeId) -> Self {
        Self { hls: format!("/air/{programme}/master.m3u8") }
    }

    pub(crate) fn recorded(show: ShowId) -> Self {
        Self { hls: format!("/replays/{show}/master.m3u8") }
    }
}

/// A product of a show, under its number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrayItemBody {
    number: u32,
    product: ProductCardBody,
    variants: Vec<VariantBody>,
    axes: Vec<AxisBody>,
    /// Its price was changed during this show.
    live_price: bool,
    /// `open`, `stopped` or `sold_out`.
    sale: String,
    /// When it was put on screen, in the programme's time, oldest first.
    shown_at: Vec<String>,
}

impl TrayItemBody {
    fn new(item: &hub::RunItem, view: View, facts: &Facts, reader: &Language) -> Self {
        let shown = facts.shown_ms.get(&item.number).map(Vec::as_slice).unwrap_or_default();
        let sold_out = view.card.free == Free::Out;
        let sale = match item.sale {
            hub::Sale::Stopped => "stopped",
            hub::Sale::Open if view.row.product.status == Status::Archived => "stopped",
            hub::Sale::Open if sold_out => "sold_out",
            hub::Sale::Open => "open",
        };
        Self {
            number: item.number,
            axes: axes(&view, reader),
            variants: view.variants.iter().map(Into::into).collect(),
            product: view.card.into(),
            live_price: facts.repriced.contains(&item.number),
            sale: sale.into(),
            shown_at: shown.iter().map(|at_ms| Timestamp::from_unix_millis(*at_ms).to_string()).collect(),
        }
    }
}

/// The tray of a show in its order. A product that is no longer there is left out, and a draft for all but staff.
pub(crate) async fn tray(
    app: &App,
    actor: &Actor,
    show: &ShowRow,
    facts: &Facts,
    buyer: &Buyer,
    reader: &Language,
) -> Result<Vec<TrayItemBody>, Problem> {
    let staff = access::may(actor, Act::SeeStudio, shows::place(show));
    let ids: Vec<ProductId> = show.run_sheet.items.iter().map(|item| item.product).collect();
    let mut views = products::views(app, buyer, &ids).await?;
    let mut tray = Vec::with_capacity(views.len());
    for item in &show.run_sheet.items {
        let own = |view: &View| view.card.id == item.product && (staff || view.row.product.status != Status::Draft);
        if let Some(place) = views.iter().position(own) {
            tray.push(TrayItemBody::new(item, views.swap_remove(place), facts, reader));
        }
    }
    Ok(tray)
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowBody {
    #[serde(flatten)]
    card: ShowCardBody,
    description: TextBody,
    /// While the show is live.
    programme_id: Option<String>,
    playback: Option<PlaybackBody>,
    /// The number on screen, while the show is live.
    pinned_number: Option<u32>,
    tray: Vec<TrayItemBody>,
    /// Drops that are armed or open, for who has no socket yet.
    drops: Vec<DropShownBody>,
    next_show: Option<ShowCardBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowsBody {
    items: Vec<ShowCardBody>,
    /// Send it back as `after`; absent on the last page.
    next: Option<String>,
}

impl ShowsBody {
    pub(crate) async fn of(app: &App, shows: &[ShowRow], limit: u32, language: &Language) -> Result<Self, Problem> {
        let full = shows.len() == limit as usize;
        let next = shows.last().filter(|_| full).map(|show| show.id.to_string());
        let mut items = Vec::with_capacity(shows.len());
        for show in shows {
            items.push(ShowCardBody::of(app, show, language).await?);
        }
        Ok(Self { items, next })
    }
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ShowsQuery {
    /// `live`, `coming` or `ended`; all of them otherwise.
    state: Option<String>,
    /// Of one brand.
    #[param(value_type = Option<String>)]
    brand: Option<BrandId>,
    #[param(value_type = Option<String>)]
    after: Option<ShowId>,
    /// 1 to 100; 24 otherwise.
    limit: Option<u32>,
}

impl ShowsQuery {
    pub(crate) fn list(&self) -> ShowList {
        match self.state.as_deref() {
            Some("live") => ShowList::Live,
            Some("coming") => ShowList::Coming,
            Some("ended") => ShowList::Ended,
            _ => ShowList::All,
        }
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit.unwrap_or(PAGE).clamp(1, 100)
    }

    pub(crate) const fn after(&self) -> Option<ShowId> {
        self.after
    }
}

/// Live, coming and ended shows.
#[utoipa::path(get, path = "/shows", tag = "shows", params(ShowsQuery),
    responses((status = 200, body = ShowsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Query(asked): Query<ShowsQuery>,
    Reader(language): Reader,
) -> Result<axum::Json<ShowsBody>, Refused> {
    let shows = plan::public_list(&gateway.app, asked.list(), asked.brand, asked.after, asked.limit()).await?;
    Ok(axum::Json(ShowsBody::of(&gateway.app, &shows, asked.limit(), &language).await?))
}

/// One show, as its public room has it; staff may ask for its rehearsal.
#[utoipa::path(get, path = "/shows/{id}", tag = "shows", params(("id" = String, Path), BuyingQuery, RoomQuery),
    responses((status = 200, body = ShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Reader(language): Reader,
    Query(buying): Query<BuyingQuery>,
    Query(room): Query<RoomQuery>,
) -> Result<axum::Json<ShowBody>, Refused> {
    let stage = room.key(id).stage;
    let show = match stage {
        Stage::Live => shows::find(&gateway.app, id).await?,
        Stage::Rehearsal => shows::find_for(&gateway.app, &actor, Act::SeeStudio, id).await?,
    };
    let buyer = buyer(&language, &buying)?;
    let programme = shows::programme(&show, stage);
    let facts = figures::facts(&gateway.app, &show, stage).await?;
    let coming = plan::public_list(&gateway.app, ShowList::Coming, None, None, 2).await?;
    let next = coming.iter().find(|next| next.id != id);
    let drops = app::drops::shown::of_show(&gateway.app, id).await?;
    Ok(axum::Json(ShowBody {
        card: ShowCardBody::of(&gateway.app, &show, &language).await?,
        description: text(&show.plan.description, &language),
        programme_id: programme.map(|id| id.to_string()),
        playback: programme.map(PlaybackBody::of),
        pinned_number: facts.pinned.filter(|_| programme.is_some()),
        tray: tray(&gateway.app, &actor, &show, &facts, &buyer, &language).await?,
        drops: drops.into_iter().map(Into::into).collect(),
        next_show: match next {
            Some(next) => Some(ShowCardBody::of(&gateway.app, next, &language).await?),
            None => None,
        },
    }))
}

/// The show as a calendar file.
#[utoipa::path(get, path = "/shows/{id}/calendar.ics", tag = "shows", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/calendar"), (status = "default", body = ProblemBody)))]
pub(crate) async fn calendar_file(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Reader(language): Reader,
) -> Result<Response, Refused> {
    let show = shows::find(&gateway.app, id).await?;
    let url = format!("{}/shows/{id}", gateway.settings.public_url);
    let text = calendar(&CalendarEntry {
        show: id,
        title: text(&show.plan.title, &language).as_str(),
        description: text(&show.plan.description, &language).as_str(),
        url: &url,
        starts_at: show.plan.starts_at,
        changed_at: show.changed_at,
    });
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"show.ics\""),
    ];
    Ok((headers, text).into_response())
}
