//! Replays: what was recorded of a show, with its chapters and its room.

use app::access::Act;
use app::ports::SegmentRow;
use app::replay::clip::{self, Clip};
use app::replay::edit::{self, Edit, Mark, Span};
use app::replay::index::index;
use app::replay::keep;
use app::replay::log::{self, From as PageFrom};
use app::replay::play::{self, Answer, Item};
use app::replay::playlist::{self, Stretch};
use app::replay::still::Along;
use app::replay::view::{self, Chapter, Moment, What};
use app::{Code, Problem, shows};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{OrderId, OrderLineId, ShowId};
use room::Wanted;
use serde::{Deserialize, Serialize};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::routes::shows::PlaybackBody;
use crate::state::Gateway;

/// Events of a page of the log, unless asked for fewer or more.
const PAGE: u32 = 200;

/// A stretch that plays without a break, on both clocks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StretchBody {
    /// Programme time of its first picture, Unix milliseconds.
    at_ms: i64,
    /// Where it begins in the replay.
    position_ms: i64,
    duration_ms: i64,
}

impl From<Stretch> for StretchBody {
    fn from(stretch: Stretch) -> Self {
        let Stretch { at_ms, position, duration } = stretch;
        Self { at_ms, position_ms: position.0, duration_ms: duration.0 }
    }
}

/// A product's presentation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChapterBody {
    /// Its show number, under which the tray holds it.
    number: u32,
    at_ms: i64,
    position_ms: i64,
    duration_ms: i64,
}

impl From<Chapter> for ChapterBody {
    fn from(chapter: Chapter) -> Self {
        let Chapter { number, at_ms, position, duration } = chapter;
        Self { number, at_ms, position_ms: position.0, duration_ms: duration.0 }
    }
}

/// A moment to jump to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MomentBody {
    /// `shown` (a request), `price_changed`, `sale_stopped` or `sale_resumed`.
    what: String,
    number: u32,
    /// Of a request: `show`, `try_on`, `turn`, `lining`, `compare` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    asked: Option<Wanted>,
    /// The other number of two that were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<u32>,
    at_ms: i64,
    position_ms: i64,
}

impl From<Moment> for MomentBody {
    fn from(moment: Moment) -> Self {
        let Moment { what, number, at_ms, position } = moment;
        let (asked, with) = match what {
            What::Shown { asked, with } => (Some(asked), with),
            _ => (None, None),
        };
        Self { what: what.as_str().into(), number, asked, with, at_ms, position_ms: position.0 }
    }
}

/// A picture along the seek bar.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StillBody {
    position_ms: i64,
    /// A JPEG of at most 240 pixels' height.
    url: String,
}

/// A show's recording as viewers get it. Products, prices and stock come with the show itself, as they are now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayBody {
    playback: PlaybackBody,
    duration_ms: i64,
    stretches: Vec<StretchBody>,
    chapters: Vec<ChapterBody>,
    moments: Vec<MomentBody>,
    /// In order, at most 121; none where this house cannot make them.
    stills: Vec<StillBody>,
    /// The picture that stands for it, where staff chose one.
    poster: Option<String>,
}

/// The replay of a show: on air, what is behind it so far.
#[utoipa::path(get, path = "/shows/{id}/replay", tag = "shows", params(("id" = String, Path)),
    responses((status = 200, body = ReplayBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
) -> Result<axum::Json<ReplayBody>, Refused> {
    let show = shows::find(&gateway.app, id).await?;
    let view = view::view(&gateway.app, id).await?;
    if !play::is_open(&show) || view.stretches.is_empty() {
        return Err(Code::NotFound.into());
    }
    let still = |Along { position, sequence }| StillBody {
        position_ms: position.0,
        url: format!("/replays/{id}/{sequence}.jpg"),
    };
    Ok(axum::Json(ReplayBody {
        playback: PlaybackBody::recorded(id),
        duration_ms: view.duration.0,
        stretches: view.stretches.into_iter().map(Into::into).collect(),
        chapters: view.chapters.into_iter().map(Into::into).collect(),
        moments: view.moments.into_iter().map(Into::into).collect(),
        stills: view.stills.into_iter().map(still).collect(),
        poster: view.poster_ms.map(|at_ms| format!("/replays/{id}/poster-{at_ms}.jpg")),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct LogQuery {
    /// `next` of the page before: what comes behind it.
    after: Option<u64>,
    /// Without `after`: a page that holds what was said just before this moment of the programme, Unix milliseconds.
    at_ms: Option<i64>,
    /// 1 to 1,000; 200 otherwise.
    limit: Option<u32>,
}

/// Events as in the room's frames (docs/room.md), in the order of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayLogBody {
    #[schema(value_type = Vec<Object>)]
    events: Vec<serde_json::Value>,
    /// The page covers what comes behind this offset.
    from: u64,
    /// Send it back as `after`; null at the log's end.
    next: Option<u64>,
}

/// What was said and done in the room, page by page.
#[utoipa::path(get, path = "/shows/{id}/replay/log", tag = "shows", params(("id" = String, Path), LogQuery),
    responses((status = 200, body = ReplayLogBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn log(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Query(asked): Query<LogQuery>,
) -> Result<axum::Json<ReplayLogBody>, Refused> {
    let from = match (asked.after, asked.at_ms) {
        (None, Some(at_ms)) => PageFrom::Moment(at_ms),
        (after, _) => PageFrom::Offset(after.unwrap_or(0)),
    };
    let page = log::log(&gateway.app, id, from, asked.limit.unwrap_or(PAGE).clamp(1, 1_000)).await?;
    let events = page.events.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(Problem::internal)?;
    Ok(axum::Json(ReplayLogBody { events, from: page.from, next: page.next }))
}

/// A stretch in programme time, Unix milliseconds, `to_ms` not in it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpanBody {
    from_ms: i64,
    to_ms: i64,
}

/// A number's presentation begins.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkBody {
    number: u32,
    at_ms: i64,
}

impl From<Mark> for MarkBody {
    fn from(Mark { number, at_ms }: Mark) -> Self {
        Self { number, at_ms }
    }
}

/// What the replay shows of the recording. Times are Unix milliseconds of the programme.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayEditBody {
    /// As it was read; 0 before the first edit.
    version: i64,
    /// Nothing before it is shown.
    start_ms: Option<i64>,
    /// Nothing after it is shown.
    end_ms: Option<i64>,
    /// At most 100.
    #[serde(default)]
    hidden: Vec<SpanBody>,
    /// In place of the chapters that the pins make; null for those.
    chapters: Option<Vec<MarkBody>>,
    /// The picture that stands for the replay.
    poster_ms: Option<i64>,
}

impl ReplayEditBody {
    fn new(version: i64, edit: Edit) -> Self {
        Self {
            version,
            start_ms: edit.start_ms,
            end_ms: edit.end_ms,
            hidden: edit.hidden.into_iter().map(|Span { from_ms, to_ms }| SpanBody { from_ms, to_ms }).collect(),
            chapters: edit.chapters.map(|chapters| chapters.into_iter().map(Into::into).collect()),
            poster_ms: edit.poster_ms,
        }
    }

    fn edit(self) -> Edit {
        let mark = |MarkBody { number, at_ms }| Mark { number, at_ms };
        Edit {
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            hidden: self.hidden.into_iter().map(|SpanBody { from_ms, to_ms }| Span { from_ms, to_ms }).collect(),
            chapters: self.chapters.map(|chapters| chapters.into_iter().map(mark).collect()),
            poster_ms: self.poster_ms,
        }
    }
}

/// A replay as staff edit it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StudioReplayBody {
    edit: ReplayEditBody,
    /// All that was recorded, whatever the edit hides.
    original: PlaybackBody,
    /// Programme time of its first and behind its last picture; null where nothing was recorded.
    starts_ms: Option<i64>,
    ends_ms: Option<i64>,
    /// All of it, on both clocks.
    stretches: Vec<StretchBody>,
    /// The chapters as the pins make them.
    pins: Vec<MarkBody>,
    /// The recording is kept whatever the house's period says.
    held: bool,
}

async fn studio_replay(gateway: &Gateway, id: ShowId) -> Result<StudioReplayBody, Problem> {
    let (version, edit) = edit::get(&gateway.app, id).await?;
    let index = index(&gateway.app, id).await?;
    let end = |segment: &SegmentRow| (segment.at + segment.duration).unix_millis();
    Ok(StudioReplayBody {
        edit: ReplayEditBody::new(version, edit),
        original: PlaybackBody { hls: format!("/replays/{id}/original.m3u8") },
        starts_ms: index.segments.first().map(|segment| segment.at.unix_millis()),
        ends_ms: index.segments.last().map(end),
        stretches: playlist::stretches(&index, &Edit::default()).into_iter().map(Into::into).collect(),
        pins: view::marks(&gateway.app.replay.rows.moments(id).await?).into_iter().map(Into::into).collect(),
        held: gateway.app.replay.rows.held(id).await?,
    })
}

/// A replay in the studio.
#[utoipa::path(get, path = "/studio/shows/{id}/replay", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = StudioReplayBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn studio(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<StudioReplayBody>, Refused> {
    shows::find_for(&gateway.app, &actor, Act::SeeStudio, id).await?;
    Ok(axum::Json(studio_replay(&gateway, id).await?))
}

/// Trim a replay, hide a part, correct its chapters. The recording stays as it is.
#[utoipa::path(put, path = "/shows/{id}/replay", tag = "studio", params(("id" = String, Path)),
    request_body = ReplayEditBody,
    responses((status = 200, body = StudioReplayBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn save(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<ReplayEditBody>,
) -> Result<axum::Json<StudioReplayBody>, Refused> {
    edit::save(&gateway.app, &actor, id, body.version, body.edit()).await?;
    Ok(axum::Json(studio_replay(&gateway, id).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordingHoldBody {
    held: bool,
}

/// Keep a recording whatever the house's period says, or let it go again.
#[utoipa::path(put, path = "/shows/{id}/recording/hold", tag = "studio", params(("id" = String, Path)),
    request_body = RecordingHoldBody, responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn hold(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<RecordingHoldBody>,
) -> Result<StatusCode, Refused> {
    keep::hold(&gateway.app, &actor, id, body.held).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A playlist of three hours is 130 KB, and a tenth of that squeezed; pictures, still ones by default, are squeezed already.
pub(crate) fn squeezed() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::const_new("video/")))
}

fn answer(body: impl IntoResponse, media_type: &'static str, caching: &'static str) -> Response {
    let headers: [(HeaderName, &'static str); 2] =
        [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, caching)];
    (headers, body).into_response()
}

/// One playlist or segment of a recording. Not part of `/api/v1`.
pub(crate) async fn fetch(
    State(gateway): State<Gateway>,
    Path((id, name)): Path<(ShowId, String)>,
    Caller(actor): Caller,
) -> Result<Response, Refused> {
    const PLAYLIST: &str = "application/vnd.apple.mpegurl";
    let item = Item::named(&name).ok_or(Code::NotFound)?;
    Ok(match play::fetch(&gateway.app, &actor, id, item).await? {
        Answer::Growing(text) => answer(text, PLAYLIST, "no-cache"),
        // An edit is seen within half a minute.
        Answer::Playlist(text) => answer(text, PLAYLIST, "public, max-age=30"),
        // A day, not for ever: what staff hide should not stay in caches.
        Answer::Media(bytes) => answer(bytes, "video/mp4", "public, max-age=86400, immutable"),
        Answer::Picture(bytes) => answer(bytes, "image/jpeg", "public, max-age=86400, immutable"),
        Answer::Hidden(bytes) => answer(bytes, "video/mp4", "private, no-store"),
    })
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ClipQuery {
    /// Programme time, Unix milliseconds; a clip is at most half an hour long.
    from_ms: i64,
    to_ms: i64,
}

/// A stretch of the replay as an MP4 file.
#[utoipa::path(get, path = "/shows/{id}/clip.mp4", tag = "studio", params(("id" = String, Path), ClipQuery),
    responses((status = 200, content_type = "video/mp4"), (status = "default", body = ProblemBody)))]
pub(crate) async fn download(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Query(asked): Query<ClipQuery>,
) -> Result<Response, Refused> {
    Ok(file(gateway.clone(), clip::clip(&gateway.app, &actor, id, asked.from_ms, asked.to_ms).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct OrderClipQuery {
    /// One of the order's lines: its show is the one that is seen.
    line: String,
}

/// What was on screen when an order was placed, as an MP4 file: the minute before and a quarter after.
#[utoipa::path(get, path = "/orders/{id}/clip.mp4", tag = "office", params(("id" = String, Path), OrderClipQuery),
    responses((status = 200, content_type = "video/mp4"), (status = "default", body = ProblemBody)))]
pub(crate) async fn download_of_order(
    State(gateway): State<Gateway>,
    Path(id): Path<OrderId>,
    Caller(actor): Caller,
    Query(asked): Query<OrderClipQuery>,
) -> Result<Response, Refused> {
    let line: OrderLineId = asked.line.parse().map_err(|_| Problem::field("line", "not_an_id"))?;
    Ok(file(gateway.clone(), clip::of_order(&gateway.app, &actor, id, line).await?))
}

/// A clip on its way, piece by piece.
fn file(gateway: Gateway, clip: Clip) -> Response {
    let pieces = futures::stream::try_unfold((gateway, clip), |(gateway, mut clip): (Gateway, Clip)| async move {
        let piece =
            clip.next(&gateway.app).await.inspect_err(|problem| tracing::warn!(%problem, "a clip was cut short"))?;
        Ok::<_, Problem>(piece.map(|bytes| (bytes, (gateway, clip))))
    });
    let headers = [
        (header::CONTENT_TYPE, "video/mp4"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"clip.mp4\""),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}
