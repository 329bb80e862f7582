//! From a basket to an order that is being paid.

use app::ports::{Next, SandboxOutcome};
use app::till::checkout::{CheckedOut, Checkout, check_out};
use app::till::order_key;
use app::{Code, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shop::address::Address;
use shop::buyer::Contact;
use shop::order::OrderState;
use shop::payment::Method;
use utoipa::ToSchema;

use crate::body::Json;
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{IdempotencyKey, MoneyBody, codes};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactBody {
    name: String,
    /// An e-mail address or a phone number is needed; either will do.
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    phone: Option<String>,
}

impl From<Contact> for ContactBody {
    fn from(contact: Contact) -> Self {
        Self { name: contact.name, email: contact.email, phone: contact.phone }
    }
}

/// As the country's form has it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressBody {
    /// Street, house, flat.
    lines: Vec<String>,
    #[serde(default)]
    city: String,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    postal_code: Option<String>,
    country: String,
}

impl From<Address> for AddressBody {
    fn from(address: Address) -> Self {
        let Address { lines, city, region, postal_code, country } = address;
        Self { lines, city, region, postal_code, country: country.to_string() }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckoutBody {
    /// Of the basket that the buyer saw; without it no basket is bought, only claims.
    #[serde(default)]
    basket_version: Option<i64>,
    /// Claims on the buyer's tab, paid in the same order with one shipping charge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<String>,
    currency: String,
    country: String,
    contact: ContactBody,
    address: AddressBody,
    shipping_id: String,
    /// Codes of offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    codes: Vec<String>,
    /// What the button said; another sum is refused as `price_changed`.
    expected_total: MoneyBody,
    /// One of `GET /payment-methods`.
    payment_method: String,
    /// Sandbox only: `approve` approves without the provider's page.
    #[serde(default)]
    sandbox_outcome: Option<String>,
    /// Signed in: keep contact, address and, where the provider can, the way to pay for the next time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    remember: bool,
    /// The language to write to the buyer in.
    #[serde(default)]
    language: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckoutPaymentBody {
    id: String,
    /// `redirect` or `done`.
    next: String,
    redirect_url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckedOutBody {
    order_id: String,
    /// Opens the order without signing in.
    order_key: String,
    state: String,
    payment: CheckoutPaymentBody,
    /// Until then the pieces are set aside.
    held_until: Option<String>,
}

impl From<CheckedOut> for CheckedOutBody {
    fn from(out: CheckedOut) -> Self {
        let (next, redirect_url) = match out.next {
            Next::Done => ("done", None),
            Next::Redirect(url) => ("redirect", Some(url)),
        };
        let waiting = out.order.state == OrderState::AwaitingPayment;
        Self {
            order_id: out.order.id.to_string(),
            order_key: out.order_key,
            state: out.order.state.as_str().into(),
            payment: CheckoutPaymentBody { id: out.order.payment.to_string(), next: next.into(), redirect_url },
            held_until: waiting.then(|| out.order.held_until.to_string()),
        }
    }
}

fn read(gateway: &Gateway, key: String, body: CheckoutBody) -> Result<Checkout, Problem> {
    let request_hash = order_key::hash(serde_json::to_vec(&body).map_err(Problem::internal)?);
    let field = |name: &'static str, code: &'static str| move |_| Problem::field(name, code);
    let sandbox = match body.sandbox_outcome.as_deref() {
        None => None,
        Some("approve") if body.payment_method == Method::Sandbox.as_str() => Some(SandboxOutcome::Approve),
        Some(_) => return Err(Problem::field("sandbox_outcome", "not_a_choice")),
    };
    let method = Method::parse(&body.payment_method);
    let method = method.ok_or_else(|| Problem::field("payment_method", "not_a_choice"))?;
    let AddressBody { lines, city, region, postal_code, country } = body.address;
    let country = country.parse().map_err(|_| Problem::field("address.country", "unknown_country"))?;
    let claims = body.claims.iter().map(|id| id.parse().map_err(|_| Problem::field("claims", "not_an_id")));
    let language = body.language.as_deref().unwrap_or("en");
    Ok(Checkout {
        idempotency_key: key,
        request_hash,
        basket_version: body.basket_version,
        claims: claims.collect::<Result<_, _>>()?,
        currency: body.currency.parse().map_err(|_| Problem::field("currency", "unknown_currency"))?,
        country: body.country.parse().map_err(|_| Problem::field("country", "unknown_country"))?,
        contact: Contact { name: body.contact.name, email: body.contact.email, phone: body.contact.phone },
        address: Address { lines, city, region, postal_code, country },
        shipping: body.shipping_id.parse().map_err(field("shipping_id", "not_an_id"))?,
        codes: codes(body.codes.iter().map(String::as_str)),
        expected_total: body.expected_total.money("expected_total")?,
        language: language.parse().map_err(|_| Problem::field("language", "unknown_language"))?,
        method,
        piece: None,
        remember: body.remember,
        using: None,
        sandbox,
        public_url: gateway.settings.public_url.clone(),
        merchant: gateway.settings.merchant(),
    })
}

/// Buy the basket: the pieces are set aside at once, or `sold_out` says which are gone.
#[utoipa::path(post, path = "/checkouts", tag = "till", request_body = CheckoutBody,
    params(("Idempotency-Key" = String, Header, description = "Of your choosing; the same key and body get the same answer")),
    responses((status = 201, body = CheckedOutBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn create(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<CheckoutBody>,
) -> Result<(StatusCode, axum::Json<CheckedOutBody>), Refused> {
    if actor.viewer.is_none() && actor.person.is_none() {
        return Err(Code::ViewerNeeded.into());
    }
    let checkout = read(&gateway, key, body)?;
    let out = check_out(&gateway.app, &actor, checkout).await?;
    Ok((StatusCode::CREATED, axum::Json(out.into())))
}
