//! The room of a show: socket, event stream, single commands, tickets, chat names.

use app::room::{Position, enter, name, ticket};
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::ShowId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::client::{self, ClientAddress};
use crate::identity::{Caller, OwnCaller};
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::room::{FRAME_BYTES, RoomQuery, events, socket};
use crate::state::Gateway;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TicketBody {
    /// For the `ticket` of the socket's first frame; good once the socket is open, for one show.
    ticket: String,
    /// 30 s from now.
    expires_at: String,
}

/// A ticket into the room, for a socket that cannot carry our cookies.
#[utoipa::path(post, path = "/shows/{id}/room-ticket", tag = "room", params(("id" = String, Path)),
    responses((status = 200, body = TicketBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn issue_ticket(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<TicketBody>, Refused> {
    let ticket = ticket::issue(&gateway.app, &actor, show)?;
    Ok(axum::Json(TicketBody { ticket: ticket.text, expires_at: ticket.until.to_string() }))
}

/// The room's socket. Frames are described in docs/room.md, close codes in docs/close-codes.md.
#[utoipa::path(get, path = "/shows/{id}/room", tag = "room", params(("id" = String, Path)),
    responses((status = 101, description = "Switching to the WebSocket protocol")))]
pub(crate) async fn open_socket(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Query(query): Query<RoomQuery>,
    OwnCaller(actor): OwnCaller,
    Reader(language): Reader,
    address: ClientAddress,
    upgrade: socket::Upgrade,
) -> Result<Response, Refused> {
    let (line, way_in) = (client::line(&gateway, address)?, gateway.door.open()?);
    let room = query.key(show);
    Ok(socket::open(upgrade, socket::Caller { gateway, actor, room, language, line, way_in }))
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct EventsQuery {
    /// `rehearsal` for staff while they rehearse; else the public room.
    stage: Option<String>,
    /// With `offset`: where the client's own log ends.
    epoch: Option<String>,
    offset: Option<u64>,
}

/// The room's frames as an event stream; the first is the hello.
#[utoipa::path(get, path = "/shows/{id}/room/events", tag = "room", params(("id" = String, Path), EventsQuery),
    responses((status = 200, content_type = "text/event-stream"), (status = "default", body = ProblemBody)))]
pub(crate) async fn stream_events(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Query(query): Query<EventsQuery>,
    Caller(actor): Caller,
    Reader(language): Reader,
    address: ClientAddress,
) -> Result<Response, Refused> {
    let line = client::line(&gateway, address)?;
    let position = query.epoch.zip(query.offset).map(|(epoch, offset)| Position { epoch, offset });
    let room = RoomQuery { stage: query.stage }.key(show);
    let (first, seat) = enter::enter(&gateway.app, &actor, room, position, language).await?;
    let rooms = std::sync::Arc::clone(&gateway.app.rooms);
    Ok(events::stream_of(first, seat, line, move || rooms.is_draining()))
}

/// One client frame, for who listens by the event stream. Answers its `ack` or `refused` frame; 204 where it has none.
#[utoipa::path(post, path = "/shows/{id}/room/commands", tag = "room", params(("id" = String, Path), RoomQuery),
    request_body(content = String, content_type = "application/json", description = "A client frame"),
    responses((status = 200, description = "An ack, refused or pong frame"), (status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn send_command(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Query(query): Query<RoomQuery>,
    Caller(actor): Caller,
    Reader(language): Reader,
    body: Body,
) -> Result<Response, Refused> {
    let bytes = axum::body::to_bytes(body, FRAME_BYTES).await.map_err(|_| app::Code::TooLarge)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| app::Code::BadRequest)?;
    let answer = enter::speak(&gateway.app, &actor, query.key(show), text, language).await?;
    Ok(match answer {
        Some(answer) => ([(header::CONTENT_TYPE, "application/json")], answer).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct ChatNameBody {
    /// 1 to 24 characters with at least one letter or digit.
    name: String,
}

/// Choose the name to chat under. It holds at once, in open rooms too.
#[utoipa::path(put, path = "/me/chat-name", tag = "people", request_body = ChatNameBody,
    responses((status = 200, body = ChatNameBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn choose_name(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<ChatNameBody>,
) -> Result<axum::Json<ChatNameBody>, Refused> {
    let name = name::choose(&gateway.app, &actor, &body.name).await?;
    Ok(axum::Json(ChatNameBody { name }))
}
