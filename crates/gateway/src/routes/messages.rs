//! What was sent into the folder, and what was given up.

use app::messages::sent::{self, ListedMessage};
use app::ports::Channel;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Query;
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::PageQuery;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentMessageBody {
    id: String,
    /// `sent` or `given_up`.
    state: String,
    /// `mail` or `sms`; none where no message could be written.
    channel: Option<String>,
    to: Option<String>,
    subject: Option<String>,
    text: String,
    html: Option<String>,
    /// What it would have told of, where no message could be written.
    order_id: Option<String>,
    /// When it went, or was given up.
    sent_at: String,
    /// Why it was given up: `too_late`, `refused` or `unreadable`; none for one that went.
    why: Option<String>,
    /// The cause in the words of whoever refused.
    detail: Option<String>,
    /// How often it was tried; none for one that went.
    attempts: Option<u32>,
}

impl From<ListedMessage> for SentMessageBody {
    fn from(ListedMessage { id, message, order, at, failure }: ListedMessage) -> Self {
        let channel = message.as_ref().map(|message| match message.channel {
            Channel::Mail => "mail".to_owned(),
            Channel::Sms => "sms".to_owned(),
        });
        let (to, subject, text, html) = message
            .map_or_else(Default::default, |message| (Some(message.to), message.subject, message.text, message.html));
        Self {
            id: id.to_string(),
            state: if failure.is_some() { "given_up" } else { "sent" }.into(),
            channel,
            to,
            subject,
            text,
            html,
            order_id: order.map(|order| order.to_string()),
            sent_at: at.to_string(),
            why: failure.as_ref().map(|failure| failure.why.as_str().to_owned()),
            attempts: failure.as_ref().map(|failure| failure.attempts),
            detail: failure.map(|failure| failure.detail).filter(|detail| !detail.is_empty()),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentMessagePageBody {
    items: Vec<SentMessageBody>,
    /// Send it as `after` for the next page.
    next: Option<String>,
}

/// Mail and SMS that went into the folder or were given up, newest first. A house that sends mail for real lists only
/// what was given up.
#[utoipa::path(get, path = "/sent-messages", tag = "people", params(PageQuery),
    responses((status = 200, body = SentMessagePageBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<SentMessagePageBody>, Refused> {
    let found = sent::list(&gateway.app, &actor, page.after()?, page.limit()).await?;
    let next = found.last().filter(|_| page.is_full(found.len())).map(|listed| listed.id.to_string());
    Ok(axum::Json(SentMessagePageBody { items: found.into_iter().map(Into::into).collect(), next }))
}
