//! What a signed-in buyer keeps for the next time.

use app::till::wallet;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{EntryId, Timestamp};
use serde::Serialize;
use shop::wallet::{SavedAddress, SavedMethod};
use utoipa::ToSchema;

use crate::body::Path;
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::routes::checkouts::{AddressBody, ContactBody};
use crate::state::Gateway;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedAddressBody {
    id: String,
    contact: ContactBody,
    address: AddressBody,
}

impl From<SavedAddress> for SavedAddressBody {
    fn from(saved: SavedAddress) -> Self {
        Self { id: saved.id.to_string(), contact: saved.contact.into(), address: saved.address.into() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedMethodBody {
    id: String,
    /// `card` or `sandbox`.
    method: String,
    /// `visa`, as the provider says.
    brand: String,
    last_four: String,
    /// The last month, `2027-04`; null where it does not end.
    expires: Option<String>,
    expired: bool,
}

impl SavedMethodBody {
    pub(crate) fn new(saved: SavedMethod, now: Timestamp) -> Self {
        let kept = saved.kept;
        Self {
            id: saved.id.to_string(),
            method: kept.method.as_str().into(),
            expired: kept.expired(now),
            expires: kept.expires.map(|last| last.to_string()),
            brand: kept.brand,
            last_four: kept.last_four,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WalletBody {
    /// The newest first: one tap sends to the first.
    addresses: Vec<SavedAddressBody>,
    /// The newest first: one tap pays with the first that has not expired.
    methods: Vec<SavedMethodBody>,
}

/// What you have saved. The card itself stays with the payment provider.
#[utoipa::path(get, path = "/my/wallet", tag = "till",
    responses((status = 200, body = WalletBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<WalletBody>, Refused> {
    let own = wallet::wallet(&gateway.app, &actor).await?;
    let now = gateway.app.now();
    Ok(axum::Json(WalletBody {
        addresses: own.addresses.into_iter().map(Into::into).collect(),
        methods: own.methods.into_iter().map(|method| SavedMethodBody::new(method, now)).collect(),
    }))
}

/// Forget an address.
#[utoipa::path(delete, path = "/my/addresses/{id}", tag = "till", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn forget_address(
    State(gateway): State<Gateway>,
    Path(id): Path<EntryId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    wallet::forget_address(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget a way to pay: here at once, and with its provider.
#[utoipa::path(delete, path = "/my/methods/{id}", tag = "till", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemBody)))]
pub(crate) async fn forget_method(
    State(gateway): State<Gateway>,
    Path(id): Path<EntryId>,
    Caller(actor): Caller,
) -> Result<StatusCode, Refused> {
    wallet::forget_method(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
