//! The people of the house, invitations, personal API tokens, and the trail of what was done.

use app::access::Act;
use app::people::{api_tokens, invitations, staff};
use app::ports::{AuditRow, InvitationRow, PersonRow, TokenRow};
use app::{Membership, Problem, Role, Scope, audit};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use kernel::{InvitationId, PersonId, ShowId, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::me::{MembershipBody, ScopeBody};
use crate::routes::sessions::opened;
use crate::state::Gateway;
use crate::wire::PageQuery;

/// Reads a membership whose fields stand under `before` in the body.
fn membership(role: &str, scope: &ScopeBody, before: &str) -> Result<Membership, Problem> {
    let field = |name: &str, code| Problem::field(format!("{before}{name}"), code);
    let role = Role::parse(role).ok_or_else(|| field("role", "not_a_choice"))?;
    let id = scope.id.as_deref().unwrap_or_default();
    let not_an_id = |_| field("scope.id", "not_an_id");
    let scope = match scope.kind.as_str() {
        "house" => Scope::House,
        "brand" => Scope::Brand(id.parse().map_err(not_an_id)?),
        "show" => Scope::Show(id.parse().map_err(not_an_id)?),
        _ => return Err(field("scope.kind", "not_a_choice")),
    };
    Ok(Membership { role, scope })
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffBody {
    id: String,
    name: String,
    email: Option<String>,
    memberships: Vec<MembershipBody>,
    last_seen: Option<String>,
}

impl From<PersonRow> for StaffBody {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            email: row.email,
            memberships: row.memberships.into_iter().map(Into::into).collect(),
            last_seen: row.last_seen.map(|at| at.to_string()),
        }
    }
}

/// Staff, by name.
#[utoipa::path(get, path = "/people", tag = "people",
    responses((status = 200, body = [StaffBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<Vec<StaffBody>>, Refused> {
    let found = staff::list(&gateway.app, &actor).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

/// Replace what a person is trusted with; an empty list takes everything away.
#[utoipa::path(put, path = "/people/{id}/memberships", tag = "people", params(("id" = String, Path)),
    request_body = [MembershipBody], responses((status = 200, body = StaffBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn set_memberships(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<PersonId>,
    Json(body): Json<Vec<MembershipBody>>,
) -> Result<axum::Json<StaffBody>, Refused> {
    let read = |(at, body): (usize, &MembershipBody)| membership(&body.role, &body.scope, &format!("{at}."));
    let wanted = body.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(axum::Json(staff::set_memberships(&gateway.app, &actor, id, wanted).await?.into()))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationBody {
    id: String,
    email: String,
    role: String,
    scope: ScopeBody,
    expires_at: String,
}

impl From<InvitationRow> for InvitationBody {
    fn from(row: InvitationRow) -> Self {
        let MembershipBody { role, scope } = row.membership.into();
        Self { id: row.id.to_string(), email: row.email, role, scope, expires_at: row.until.to_string() }
    }
}

/// Invitations that can still be accepted, newest first.
#[utoipa::path(get, path = "/invitations", tag = "people",
    responses((status = 200, body = [InvitationBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn list_invitations(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<Vec<InvitationBody>>, Refused> {
    let found = invitations::list(&gateway.app, &actor).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteBody {
    email: String,
    role: String,
    scope: ScopeBody,
}

/// Invite somebody by mail. The link is in the mail alone, holds for 7 days and works once.
#[utoipa::path(post, path = "/invitations", tag = "people", request_body = InviteBody,
    responses((status = 201, body = InvitationBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn invite(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Json(body): Json<InviteBody>,
) -> Result<(StatusCode, axum::Json<InvitationBody>), Refused> {
    let membership = membership(&body.role, &body.scope, "")?;
    let row = invitations::invite(&gateway.app, &actor, &body.email, membership, &reader).await?;
    Ok((StatusCode::CREATED, axum::Json(row.into())))
}

/// Take an invitation back.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn withdraw(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Refused> {
    invitations::withdraw(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptBody {
    token: String,
    name: String,
    /// 10 characters or more.
    password: String,
}

/// Accept an invitation. Who is new is signed in at once; who was staff before signs in with their own password.
#[utoipa::path(post, path = "/invitations/accept", tag = "people", request_body = AcceptBody,
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn accept(
    State(gateway): State<Gateway>,
    Json(body): Json<AcceptBody>,
) -> Result<(StatusCode, HeaderMap), Refused> {
    let session = invitations::accept(&gateway.app, &body.token, body.name, body.password).await?;
    Ok(session.map_or_else(|| (StatusCode::NO_CONTENT, HeaderMap::new()), |session| opened(&gateway, &session)))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenBody {
    id: String,
    name: String,
    scopes: Vec<String>,
    created_at: String,
    /// To five minutes.
    last_used_at: Option<String>,
}

impl From<TokenRow> for TokenBody {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            scopes: row.scopes.into_iter().map(|act| act.as_str().to_owned()).collect(),
            created_at: row.created_at.to_string(),
            last_used_at: row.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// The caller's own API tokens, newest first.
#[utoipa::path(get, path = "/tokens", tag = "people",
    responses((status = 200, body = [TokenBody]), (status = "default", body = ProblemBody)))]
pub(crate) async fn list_tokens(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<Vec<TokenBody>>, Refused> {
    let found = api_tokens::list(&gateway.app, &actor).await?;
    Ok(axum::Json(found.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTokenBody {
    name: String,
    /// What it may do, of what the caller may: as in `may` of `/me`.
    scopes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeTokenBody {
    id: String,
    /// Shown this once. Send it as `Authorization: Bearer …`.
    token: String,
}

/// Make an API token.
#[utoipa::path(post, path = "/tokens", tag = "people", request_body = NewTokenBody,
    responses((status = 201, body = MadeTokenBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create_token(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<NewTokenBody>,
) -> Result<(StatusCode, axum::Json<MadeTokenBody>), Refused> {
    let read = |(at, text): (usize, &String)| {
        Act::parse(text).ok_or_else(|| Problem::field(format!("scopes.{at}"), "not_a_choice"))
    };
    let scopes = body.scopes.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let (row, token) = api_tokens::create(&gateway.app, &actor, &body.name, &scopes).await?;
    Ok((StatusCode::CREATED, axum::Json(MadeTokenBody { id: row.id.to_string(), token })))
}

/// Revoke one of the caller's own tokens.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn revoke_token(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, Refused> {
    api_tokens::revoke(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPersonBody {
    id: String,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntryBody {
    id: String,
    at: String,
    /// Null: the house itself.
    person: Option<AuditPersonBody>,
    /// A permanent word, such as `sale.stopped`.
    act: String,
    subject: String,
    detail: Option<String>,
}

fn entry((row, name): (AuditRow, Option<String>)) -> AuditEntryBody {
    let person = row.person.map(|id| AuditPersonBody { id: id.to_string(), name: name.unwrap_or_default() });
    let (id, at) = (row.id.to_string(), row.at.to_string());
    AuditEntryBody { id, at, person, act: row.act, subject: row.subject, detail: row.detail }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPageBody {
    items: Vec<AuditEntryBody>,
    /// Send it as `after` for the next page.
    next: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct AuditQuery {
    /// Only what was done to this show.
    show: Option<String>,
}

/// What staff did, newest first.
#[utoipa::path(get, path = "/audit", tag = "people", params(AuditQuery, PageQuery),
    responses((status = 200, body = AuditPageBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn audit_trail(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(query): Query<AuditQuery>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<AuditPageBody>, Refused> {
    let read = |text: &String| text.parse::<ShowId>().map_err(|_| Problem::field("show", "not_an_id"));
    let show = query.show.as_ref().map(read).transpose()?;
    let found = audit::list(&gateway.app, &actor, show, page.after()?, page.limit()).await?;
    let next = found.last().filter(|_| page.is_full(found.len())).map(|(row, _)| row.id.to_string());
    Ok(axum::Json(AuditPageBody { items: found.into_iter().map(entry).collect(), next }))
}
