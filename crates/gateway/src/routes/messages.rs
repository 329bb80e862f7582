//! The folder of sent messages: a demo's mailbox.

use app::messages::sent;
use app::ports::{Channel, SentMessage};
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
    /// `mail` or `sms`.
    channel: String,
    to: String,
    subject: Option<String>,
    text: String,
    html: Option<String>,
    sent_at: String,
}

impl From<SentMessage> for SentMessageBody {
    fn from(SentMessage { message, sent_at }: SentMessage) -> Self {
        let channel = match message.channel {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
        };
        Self {
            id: message.id.to_string(),
            channel: channel.into(),
            to: message.to,
            subject: message.subject,
            text: message.text,
            html: message.html,
            sent_at: sent_at.to_string(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentMessagePageBody {
    items: Vec<SentMessageBody>,
    /// Send it as `after` for the next page.
    next: Option<String>,
}

/// Mail and SMS that went into the folder, newest first. A house that sends mail for real has none.
#[utoipa::path(get, path = "/sent-messages", tag = "people", params(PageQuery),
    responses((status = 200, body = SentMessagePageBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<SentMessagePageBody>, Refused> {
    let found = sent::list(&gateway.app, &actor, page.after()?, page.limit()).await?;
    let next = found.last().filter(|_| page.is_full(found.len())).map(|sent| sent.message.id.to_string());
    Ok(axum::Json(SentMessagePageBody { items: found.into_iter().map(Into::into).collect(), next }))
}
