//! A show with everything that its staff see of it.

use app::ports::{HealthState, ShowRow, Stage};
use app::replay::status::{self, Status};
use app::shows::figures::{self, Figures, Minute};
use app::shows::sheet::{self, SheetItem};
use app::{App, Problem};
use hub::{Lifecycle, Sale};
use kernel::{Language, Texts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::language::Reader;
use crate::routes::health::HealthBody;
use crate::routes::shows::{PlaybackBody, ShowCardBody};
use crate::state::Gateway;
use crate::wire::{MoneyBody, PictureBody, TextsBody, text};

/// A number of the run sheet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunItemBody {
    number: u32,
    product_id: String,
    title: TextsBody,
    picture: Option<PictureBody>,
    /// The lowest of its variants, in every currency that it is sold in.
    prices: Vec<MoneyBody>,
    /// Pieces that can be claimed now.
    free: i64,
    /// Pieces in orders of this show that wait for their payment.
    claimed: i64,
    /// Pieces in orders of this show that stand.
    sold: i64,
    talking_points: String,
    /// `open` or `stopped`.
    sale: String,
    /// Of the product: `draft`, `active` or `archived`; null when it is no longer there.
    status: Option<String>,
}

impl RunItemBody {
    fn new(item: SheetItem, reader: &Language) -> Self {
        let alt = text(&item.title, reader);
        Self {
            number: item.item.number,
            product_id: item.item.product.to_string(),
            picture: item.picture.map(|picture| PictureBody::new(picture, alt.as_str())),
            title: (&item.title).into(),
            prices: item.prices.into_iter().map(Into::into).collect(),
            free: item.free,
            claimed: item.claimed,
            sold: item.sold,
            talking_points: item.item.talking_points,
            sale: if item.item.sale == Sale::Open { "open".into() } else { "stopped".into() },
            status: item.status.map(|status| status.as_str().into()),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IngestBody {
    /// The server to enter in the encoder.
    rtmp_url: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MinuteBody {
    at: String,
    /// A sum a currency.
    gmv: Vec<MoneyBody>,
    orders: i64,
    viewers: u32,
}

impl From<Minute> for MinuteBody {
    fn from(minute: Minute) -> Self {
        let Minute { at, gmv, orders, viewers } = minute;
        Self { at: at.to_string(), gmv: gmv.into_iter().map(Into::into).collect(), orders, viewers }
    }
}

/// From the public room's log and the till; rehearsals are no figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowFiguresBody {
    viewers: u32,
    peak: u32,
    messages: u64,
    hearts: u64,
    orders: i64,
    /// What the lines of this show's numbers cost in orders that stand, a sum a currency.
    gmv: Vec<MoneyBody>,
    sold_this_minute: i64,
    /// The last 120 at most, oldest first.
    minutes: Vec<MinuteBody>,
}

impl From<Figures> for ShowFiguresBody {
    fn from(figures: Figures) -> Self {
        Self {
            viewers: figures.viewers,
            peak: figures.peak,
            messages: figures.messages,
            hearts: figures.hearts,
            orders: figures.orders,
            gmv: figures.gmv.into_iter().map(Into::into).collect(),
            sold_this_minute: figures.sold_this_minute,
            minutes: figures.minutes.into_iter().map(Into::into).collect(),
        }
    }
}

/// What is kept of the live show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordingBody {
    /// Segments are coming in.
    going: bool,
    /// Nothing is kept at the moment: `disk` (about to be full), `store` (does not take it) or `behind` (slower than the
    /// show). The show goes on.
    stopped: Option<String>,
    recorded_ms: i64,
    missing_ms: i64,
    size_bytes: i64,
    /// How much longer a show like this can be recorded; null where nobody knows.
    left_ms: Option<i64>,
}

impl From<Status> for RecordingBody {
    fn from(status: Status) -> Self {
        Self {
            going: status.going,
            stopped: status.stopped.map(|why| why.as_str().into()),
            recorded_ms: status.sums.duration.0,
            missing_ms: status.sums.missing.0,
            size_bytes: status.sums.size_bytes,
            left_ms: status.left.map(|left| left.0),
        }
    }
}

/// A show in the studio's list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StudioCardBody {
    #[serde(flatten)]
    card: ShowCardBody,
    #[schema(value_type = TextsBody)]
    titles: Texts,
    /// `planned`, `rehearsing`, `live` or `ended`.
    lifecycle: String,
    /// An encoder is sending now.
    publishing: bool,
}

impl StudioCardBody {
    async fn of(app: &App, show: &ShowRow, language: &Language) -> Result<Self, Problem> {
        let lifecycle = match show.lifecycle {
            Lifecycle::Planned => "planned",
            Lifecycle::Rehearsing { .. } => "rehearsing",
            Lifecycle::Live { .. } => "live",
            Lifecycle::Ended { .. } => "ended",
        };
        let health = app.ports.air.health(show.id);
        Ok(Self {
            card: ShowCardBody::of(app, show, language).await?,
            titles: show.plan.title.clone(),
            lifecycle: lifecycle.into(),
            publishing: health.is_some_and(|health| health.state == HealthState::Receiving),
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StudioCardsBody {
    items: Vec<StudioCardBody>,
    /// Send it back as `after`; null on the last page.
    next: Option<String>,
}

impl StudioCardsBody {
    pub(crate) async fn of(app: &App, shows: &[ShowRow], limit: u32, language: &Language) -> Result<Self, Problem> {
        let full = shows.len() == limit as usize;
        let next = shows.last().filter(|_| full).map(|show| show.id.to_string());
        let mut items = Vec::with_capacity(shows.len());
        for show in shows {
            items.push(StudioCardBody::of(app, show, language).await?);
        }
        Ok(Self { items, next })
    }
}

/// Everything that the studio shows of a show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StudioShowBody {
    #[serde(flatten)]
    card: StudioCardBody,
    version: i64,
    #[schema(value_type = TextsBody)]
    descriptions: Texts,
    host_person_id: String,
    run_sheet: Vec<RunItemBody>,
    ingest: IngestBody,
    programme_id: Option<String>,
    playback: Option<PlaybackBody>,
    health: Option<HealthBody>,
    /// None before the first segment of the live show.
    recording: Option<RecordingBody>,
    figures: ShowFiguresBody,
}

pub(crate) async fn studio_show(
    gateway: &Gateway,
    show: &ShowRow,
    Reader(reader): &Reader,
) -> Result<StudioShowBody, Problem> {
    let app = &gateway.app;
    let programme = show.lifecycle.programme();
    let facts = figures::facts(app, show, Stage::Live).await?;
    let takings = figures::takings(app, show).await?;
    let sheet = sheet::sheet(app, show, &takings).await?;
    Ok(StudioShowBody {
        card: StudioCardBody::of(app, show, reader).await?,
        version: show.version,
        descriptions: show.plan.description.clone(),
        host_person_id: show.plan.host.to_string(),
        run_sheet: sheet.into_iter().map(|item| RunItemBody::new(item, reader)).collect(),
        ingest: IngestBody { rtmp_url: gateway.settings.rtmp_url.clone() },
        programme_id: programme.map(|id| id.to_string()),
        playback: programme.map(PlaybackBody::of),
        health: app.ports.air.health(show.id).map(Into::into),
        recording: status::status(app, show.id).await?.map(Into::into),
        figures: figures::figures(app, show, &facts, &takings).into(),
    })
}
