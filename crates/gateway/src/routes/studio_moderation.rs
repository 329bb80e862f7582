//! The moderators' queue: what viewers report, and what they appeal against. Lines that wait to be read come with the room.

use app::ports::Verdict;
use app::room::{appeals, reports};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::ShowId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reports::{ActOnBody, SubjectBody};
use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonCountBody {
    reason: String,
    count: u32,
}

/// What is reported, once for all who did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportedBody {
    subject: SubjectBody,
    reasons: Vec<ReasonCountBody>,
    /// The newest of what they wrote.
    notes: Vec<String>,
    first_at: String,
    /// Of a line that still stands.
    viewer_id: Option<String>,
    name: Option<String>,
    text: Option<String>,
}

impl ReportedBody {
    fn new(thing: reports::ReportedThing) -> Self {
        let reasons = thing.reasons.iter();
        let (viewer_id, words) = thing.said.map(|(viewer, words)| (viewer.to_string(), words)).unzip();
        let (name, text) = words.map(|words| (words.name, words.text)).unzip();
        Self {
            subject: SubjectBody::new(thing.subject),
            reasons: reasons
                .map(|(reason, count)| ReasonCountBody { reason: reason.as_str().into(), count: *count })
                .collect(),
            notes: thing.notes,
            first_at: thing.first_at.to_string(),
            viewer_id,
            name,
            text,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenAppealBody {
    viewer_id: String,
    /// As whom the lines were said that were taken away.
    name: Option<String>,
    #[serde(flatten)]
    act: ActOnBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModerationQueueBody {
    /// Most reported first.
    reports: Vec<ReportedBody>,
    /// Oldest first.
    appeals: Vec<OpenAppealBody>,
}

/// What waits for a moderator in a show.
#[utoipa::path(get, path = "/studio/shows/{id}/moderation", tag = "studio", params(("id" = String, Path)),
    responses((status = 200, body = ModerationQueueBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn queue(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<ModerationQueueBody>, Refused> {
    let reports = reports::open(&gateway.app, &actor, show).await?;
    let appeals = appeals::open(&gateway.app, &actor, show).await?.into_iter().map(|row| OpenAppealBody {
        viewer_id: row.act.viewer.to_string(),
        name: row.act.words.as_ref().map(|words| words.name.clone()),
        act: ActOnBody::new(row.act),
    });
    Ok(axum::Json(ModerationQueueBody {
        reports: reports.into_iter().map(ReportedBody::new).collect(),
        appeals: appeals.collect(),
    }))
}

const fn verdict(granted: bool) -> Verdict {
    if granted { Verdict::Granted } else { Verdict::Rejected }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleReportBody {
    subject: SubjectBody,
    /// It was right: a line is removed.
    granted: bool,
    /// Told to who reported; a removed line's sender is told it as the reason. At most 500 bytes.
    #[serde(default)]
    answer: String,
}

/// Settle what was reported about one thing.
#[utoipa::path(post, path = "/studio/shows/{id}/reports/settle", tag = "studio", params(("id" = String, Path)),
    request_body = SettleReportBody, responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn settle_report(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<SettleReportBody>,
) -> Result<StatusCode, Refused> {
    let subject = body.subject.read()?;
    reports::settle(&gateway.app, &actor, show, subject, verdict(body.granted), &body.answer).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleAppealBody {
    /// Of the act.
    offset: u64,
    /// A mute or block is lifted; words that were taken away do not come back.
    granted: bool,
    /// Told to who appealed. At most 500 bytes.
    #[serde(default)]
    answer: String,
}

/// Decide an appeal.
#[utoipa::path(post, path = "/studio/shows/{id}/appeals/settle", tag = "studio", params(("id" = String, Path)),
    request_body = SettleAppealBody, responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn settle_appeal(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<SettleAppealBody>,
) -> Result<StatusCode, Refused> {
    appeals::settle(&gateway.app, &actor, show, body.offset, verdict(body.granted), &body.answer).await?;
    Ok(StatusCode::NO_CONTENT)
}
