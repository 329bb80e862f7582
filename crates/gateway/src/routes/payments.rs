//! How to pay, and what payment providers tell us.

use app::till::methods::{self, Choice};
use app::till::webhooks;
use app::{Code, Problem};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use kernel::Money;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::MoneyBody;

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct AmountQuery {
    currency: String,
    /// What is to be paid, in minor units.
    amount: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaymentMethodBody {
    /// `card`, `alipay`, `wechat_pay` or `sandbox`: what a checkout names.
    method: String,
    /// `redirect` to the provider's page, or `qr`: a code there for the buyer's phone.
    flow: String,
    /// `hold_then_capture`, or `at_once` where the method cannot hold.
    taking: String,
    /// Money can go back for so many days; null without an end.
    refund_days: Option<u32>,
    least: MoneyBody,
    most: MoneyBody,
    /// Why this amount cannot be paid so: `amount_too_large`, `amount_too_small` or `payment_method_not_offered`.
    refused: Option<String>,
}

impl From<Choice> for PaymentMethodBody {
    fn from(Choice { terms, refused }: Choice) -> Self {
        Self {
            method: terms.method.as_str().into(),
            flow: terms.flow.as_str().into(),
            taking: terms.taking.as_str().into(),
            refund_days: terms.refund_days,
            least: terms.least.into(),
            most: terms.most.into(),
            refused: refused.map(|code| code.as_str().into()),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaymentMethodsBody {
    items: Vec<PaymentMethodBody>,
}

/// The ways to pay an amount, as buyers choose from them.
#[utoipa::path(get, path = "/payment-methods", tag = "till", params(AmountQuery),
    responses((status = 200, body = PaymentMethodsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn methods(
    State(gateway): State<Gateway>,
    Query(query): Query<AmountQuery>,
) -> Result<axum::Json<PaymentMethodsBody>, Refused> {
    let currency = query.currency.parse().map_err(|_| Problem::field("currency", "unknown_currency"))?;
    if query.amount < 0 {
        return Err(Problem::field("amount", "negative").into());
    }
    let choices = methods::choices(&gateway.app, Money::new(query.amount, currency));
    Ok(axum::Json(PaymentMethodsBody { items: choices.into_iter().map(Into::into).collect() }))
}

/// A payment provider says that something happened. Signed in its own header; it only wakes what the browser also wakes.
#[utoipa::path(post, path = "/payments/{provider}/webhook", tag = "till", params(("provider" = String, Path)),
    request_body = String, responses((status = 200), (status = "default", body = ProblemBody)))]
pub(crate) async fn webhook(
    State(gateway): State<Gateway>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refused> {
    let header = webhooks::signature_header(&gateway.app, &provider).ok_or(Code::NotFound)?;
    let signature = headers.get(header).and_then(|value| value.to_str().ok()).unwrap_or_default();
    webhooks::hear(&gateway.app, &provider, &body, signature).await?;
    Ok(StatusCode::OK)
}
