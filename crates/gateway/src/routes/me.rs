//! Who is asking: the viewer's token and what the caller may do.

use app::people::identify::mint_viewer as mint;
use app::{PersonKind, Scope, access, house};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cookies;
use crate::identity::{Caller, KnownCaller};
use crate::problem::{ProblemBody, Refused};
use crate::routes::house::HouseBody;
use crate::state::Gateway;

/// A year; a viewer who comes back is the same viewer.
const VIEWER_SECS: i64 = 365 * 86_400;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewerBody {
    viewer_id: String,
    /// For pages that cannot keep cookies; send it as a bearer token.
    token: Option<String>,
}

/// Become a viewer. Who is one already stays the same.
#[utoipa::path(post, path = "/viewer", tag = "people", responses((status = 200, body = ViewerBody)))]
pub(crate) async fn mint_viewer(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<(HeaderMap, axum::Json<ViewerBody>), Refused> {
    let mut headers = HeaderMap::new();
    if let Some(viewer) = actor.viewer {
        return Ok((headers, axum::Json(ViewerBody { viewer_id: viewer.to_string(), token: None })));
    }
    let (viewer, token) = mint(&gateway.app);
    if let Some(cookie) = cookies::set(&gateway.settings, cookies::VIEWER, &token, VIEWER_SECS) {
        headers.append(header::SET_COOKIE, cookie);
    }
    Ok((headers, axum::Json(ViewerBody { viewer_id: viewer.to_string(), token: Some(token) })))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonBody {
    id: String,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    /// `staff` or `buyer`.
    kind: String,
}

/// `house`, or a brand or show by its id.
#[derive(Debug, Serialize, serde::Deserialize, ToSchema)]
pub(crate) struct ScopeBody {
    pub(crate) kind: String,
    pub(crate) id: Option<String>,
}

#[derive(Debug, Serialize, serde::Deserialize, ToSchema)]
pub(crate) struct MembershipBody {
    pub(crate) role: String,
    pub(crate) scope: ScopeBody,
}

impl From<app::Membership> for MembershipBody {
    fn from(held: app::Membership) -> Self {
        let (kind, id) = match held.scope {
            Scope::House => ("house", None),
            Scope::Brand(brand) => ("brand", Some(brand.to_string())),
            Scope::Show(show) => ("show", Some(show.to_string())),
        };
        Self { role: held.role.as_str().into(), scope: ScopeBody { kind: kind.into(), id } }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeBody {
    viewer_id: Option<String>,
    person: Option<PersonBody>,
    /// The name that the viewer chats under.
    chat_name: Option<String>,
    memberships: Vec<MembershipBody>,
    house: HouseBody,
    /// What the caller may do on the whole house.
    may: Vec<String>,
}

/// Who the caller is and what they may do.
#[utoipa::path(get, path = "/me", tag = "people",
    responses((status = 200, body = MeBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn me(
    State(gateway): State<Gateway>,
    KnownCaller(actor, row): KnownCaller,
) -> Result<axum::Json<MeBody>, Refused> {
    let house = house::get(&gateway.app).await?;
    let chat_name = match actor.viewer {
        Some(viewer) => gateway.app.ports.chat_names.chat_name(viewer).await.map_err(app::Problem::from)?,
        None => None,
    };
    let kind = |kind| if kind == PersonKind::Staff { "staff" } else { "buyer" };
    Ok(axum::Json(MeBody {
        chat_name,
        house: HouseBody::new(house, &gateway),
        viewer_id: actor.viewer.map(|id| id.to_string()),
        memberships: row.iter().flat_map(|row| row.memberships.iter().copied().map(Into::into)).collect(),
        may: access::acts_on_house(&actor).into_iter().map(|act| act.as_str().to_owned()).collect(),
        person: row.map(|row| PersonBody {
            id: row.id.to_string(),
            name: row.name,
            email: row.email,
            phone: row.phone,
            kind: kind(row.kind).into(),
        }),
    }))
}
