//! Shows as everybody sees them.

use app::people::person_name;
use app::ports::{ShowList, ShowRow};
use app::shows::{self, plan};
use app::{App, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hub::{CalendarEntry, Lifecycle, calendar};
use kernel::{BrandId, Language, ProgrammeId, ShowId, Text, Texts};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;

/// Shows a page holds, unless asked for fewer.
const PAGE: u32 = 24;

/// The text in the reader's language, or the nearest there is.
fn told(texts: &Texts, language: &Language) -> Text {
    let wanted = [language.clone(), Language::english()];
    texts.pick(&wanted).unwrap_or_else(|| Text { text: String::new(), lang: language.clone() })
}

/// A text chosen for the reader.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TextBody {
    text: String,
    /// Differs from the language asked for where the text is a fallback.
    lang: String,
}

impl From<Text> for TextBody {
    fn from(text: Text) -> Self {
        Self { text: text.text, lang: text.lang.to_string() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoverBody {
    media_id: String,
    alt: String,
    /// Holds `{w}`: one of 160, 320, 640, 960, 1280.
    url: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HostBody {
    name: String,
}

/// A show in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowCardBody {
    id: String,
    title: TextBody,
    cover: Option<CoverBody>,
    host: HostBody,
    brand_id: String,
    starts_at: String,
    /// An IANA name: where the start was meant.
    time_zone: String,
    /// `scheduled`, `lobby`, `live`, `away` (back in a moment) or `ended`. A rehearsal looks like a planned show.
    state: String,
    viewers: u32,
}

impl ShowCardBody {
    pub(crate) async fn of(app: &App, show: &ShowRow, language: &Language) -> Result<Self, Problem> {
        let title = told(&show.plan.title, language);
        let cover = show.plan.cover.map(|id| CoverBody {
            media_id: id.to_string(),
            alt: title.text.clone(),
            url: format!("/media/{id}/{{w}}.webp"),
        });
        Ok(Self {
            id: show.id.to_string(),
            title: title.into(),
            cover,
            host: HostBody { name: person_name(app, show.plan.host).await? },
            brand_id: show.plan.brand.to_string(),
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
    hls: String,
}

impl PlaybackBody {
    pub(crate) fn of(programme: ProgrammeId) -> Self {
        Self { hls: format!("/air/{programme}/index.m3u8") }
    }
}

/// What is on sale in a show, by its number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NumberBody {
    number: u32,
    product_id: String,
    /// `open` or `stopped`.
    sale: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowBody {
    #[serde(flatten)]
    card: ShowCardBody,
    description: TextBody,
    /// While the show is live.
    programme_id: Option<String>,
    playback: Option<PlaybackBody>,
    numbers: Vec<NumberBody>,
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

/// One show.
#[utoipa::path(get, path = "/shows/{id}", tag = "shows", params(("id" = String, Path)),
    responses((status = 200, body = ShowBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Reader(language): Reader,
) -> Result<axum::Json<ShowBody>, Refused> {
    let show = shows::find(&gateway.app, id).await?;
    let live = matches!(show.lifecycle, Lifecycle::Live { .. });
    let programme = show.lifecycle.programme().filter(|_| live);
    let numbers = show.run_sheet.items.iter().map(|item| NumberBody {
        number: item.number,
        product_id: item.product.to_string(),
        sale: if item.sale == hub::Sale::Open { "open".into() } else { "stopped".into() },
    });
    Ok(axum::Json(ShowBody {
        card: ShowCardBody::of(&gateway.app, &show, &language).await?,
        description: told(&show.plan.description, &language).into(),
        programme_id: programme.map(|id| id.to_string()),
        playback: programme.map(PlaybackBody::of),
        numbers: numbers.collect(),
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
        title: &told(&show.plan.title, &language).text,
        description: &told(&show.plan.description, &language).text,
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
