//! What viewers report, what was decided about them, and their appeals.

use app::room::{appeals, reports};
use app::{Problem, ports};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::ShowId;
use room::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;

/// What is reported: a line of the chat, a piece, or the show.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct SubjectBody {
    /// `message`, `product` or `show`.
    kind: String,
    /// A message's id, a show number; empty for the show.
    #[serde(default)]
    id: String,
}

impl SubjectBody {
    pub(crate) fn new(subject: ports::Subject) -> Self {
        Self { kind: subject.kind().into(), id: subject.id() }
    }

    pub(crate) fn read(&self) -> Result<ports::Subject, Problem> {
        ports::Subject::read(&self.kind, &self.id).ok_or_else(|| Problem::field("subject", "not_a_choice"))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportDraftBody {
    subject: SubjectBody,
    /// `spam`, `insult`, `hate`, `sexual`, `fraud`, `counterfeit`, `private_data` or `other`.
    reason: String,
    /// At most 500 bytes; read by the shop alone.
    #[serde(default)]
    note: String,
}

/// Report a line, a piece or the show to the shop. Who reports the same again is counted once.
#[utoipa::path(post, path = "/shows/{id}/reports", tag = "room", params(("id" = String, Path)),
    request_body = ReportDraftBody, responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn report(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<ReportDraftBody>,
) -> Result<StatusCode, Refused> {
    let reason = ports::Reason::read(&body.reason).ok_or_else(|| Problem::field("reason", "not_a_choice"))?;
    reports::report(&gateway.app, &actor, show, body.subject.read()?, reason, &body.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the shop decided about a report or an appeal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettledBody {
    granted: bool,
    /// What the shop says to it; may be empty.
    answer: String,
    at: String,
}

impl SettledBody {
    fn new(settled: ports::Settled) -> Self {
        let ports::Settled { verdict, answer, at, .. } = settled;
        Self { granted: verdict == ports::Verdict::Granted, answer, at: at.to_string() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnReportBody {
    subject: SubjectBody,
    reason: String,
    at: String,
    settled: Option<SettledBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppealBody {
    text: String,
    at: String,
    settled: Option<SettledBody>,
}

/// What a moderator decided about a viewer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActOnBody {
    /// Its place in the log, by which it is appealed against.
    offset: u64,
    /// `removed`, `held_refused`, `muted`, `unmuted`, `blocked` or `unblocked`.
    act: String,
    /// Of a mute.
    until_ms: Option<i64>,
    reason: String,
    at: String,
    /// What was taken away, in the viewer's own words.
    text: Option<String>,
    appeal: Option<AppealBody>,
}

impl ActOnBody {
    pub(crate) fn new(act: ports::ActOn) -> Self {
        let (name, until_ms) = match act.kind {
            Kind::Muted { until_ms, .. } if until_ms <= act.at.unix_millis() => ("unmuted", None),
            Kind::Muted { until_ms, .. } => ("muted", Some(until_ms)),
            Kind::Blocked { blocked: false, .. } => ("unblocked", None),
            other => (other.name(), None),
        };
        let appeal = act.appeal.map(|appeal| AppealBody {
            text: appeal.text,
            at: appeal.at.to_string(),
            settled: appeal.settled.map(SettledBody::new),
        });
        Self {
            offset: act.offset,
            act: name.into(),
            until_ms,
            reason: act.reason,
            at: act.at.to_string(),
            text: act.words.map(|words| words.text),
            appeal,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnModerationBody {
    /// What was decided about this viewer, newest first.
    acts: Vec<ActOnBody>,
    /// What this viewer reported, newest first.
    reports: Vec<OwnReportBody>,
}

/// What was decided about this viewer in a show, why, and what came of their reports and appeals.
#[utoipa::path(get, path = "/shows/{id}/moderation/mine", tag = "room", params(("id" = String, Path)),
    responses((status = 200, body = OwnModerationBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn mine(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
) -> Result<axum::Json<OwnModerationBody>, Refused> {
    let acts = appeals::mine(&gateway.app, &actor, show).await?;
    let reports = reports::mine(&gateway.app, &actor, show).await?;
    let reports = reports.into_iter().map(|report| OwnReportBody {
        subject: SubjectBody::new(report.subject),
        reason: report.reason.as_str().into(),
        at: report.at.to_string(),
        settled: report.settled.map(SettledBody::new),
    });
    Ok(axum::Json(OwnModerationBody {
        acts: acts.into_iter().map(ActOnBody::new).collect(),
        reports: reports.collect(),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppealDraftBody {
    /// Of the act.
    offset: u64,
    /// At most 500 characters.
    text: String,
}

/// Appeal against what was decided about this viewer, once.
#[utoipa::path(post, path = "/shows/{id}/appeals", tag = "room", params(("id" = String, Path)),
    request_body = AppealDraftBody, responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn appeal(
    State(gateway): State<Gateway>,
    Path(show): Path<ShowId>,
    Caller(actor): Caller,
    Json(body): Json<AppealDraftBody>,
) -> Result<StatusCode, Refused> {
    appeals::appeal(&gateway.app, &actor, show, body.offset, &body.text).await?;
    Ok(StatusCode::NO_CONTENT)
}
