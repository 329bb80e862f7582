//! Problems on the wire (RFC 9457), and the one place that chooses an HTTP status.

use app::{Code, Problem, problem};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Language;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) const fn status(code: Code) -> StatusCode {
    match code {
        Code::BadRequest | Code::IdempotencyKeyMissing | Code::EndNotConfirmed => StatusCode::BAD_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::StreamKeyUnknown => StatusCode::UNAUTHORIZED,
        Code::AlreadyPublishing | Code::PictureNotInOrder => StatusCode::CONFLICT,
        Code::OfferNotReadable => StatusCode::BAD_REQUEST,
        Code::PictureNotOffered
        | Code::PictureCodecNotTaken
        | Code::SoundCodecNotTaken
        | Code::SeveralPicturesOffered
        | Code::RestartNotTaken
        | Code::PictureNotShown => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooLarge | Code::PictureTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::PictureNotReadable => StatusCode::UNPROCESSABLE_ENTITY,
        Code::ImportHasErrors | Code::ImportApplied => StatusCode::CONFLICT,
        Code::SlowDown => StatusCode::TOO_MANY_REQUESTS,
        Code::Busy => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::PaymentUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::PaymentDeclined => StatusCode::PAYMENT_REQUIRED,
        Code::BasketFull | Code::NotSoldInCurrency | Code::NotShipped => StatusCode::UNPROCESSABLE_ENTITY,
        Code::PaymentMethodNotOffered | Code::AmountTooLarge | Code::AmountTooSmall => StatusCode::UNPROCESSABLE_ENTITY,
        Code::SignInFirst | Code::SignInFailed | Code::ViewerNeeded | Code::TicketExpired => StatusCode::UNAUTHORIZED,
        Code::NotAllowed | Code::ForeignOrigin | Code::BadSignature => StatusCode::FORBIDDEN,
        Code::LinkUsedOrExpired => StatusCode::GONE,
        Code::BasketChanged
        | Code::SoldOut
        | Code::SaleStopped
        | Code::PriceChanged
        | Code::AllPaidFor
        | Code::NotPaid
        | Code::NothingToSend
        | Code::AlreadySent
        | Code::NothingToRefund
        | Code::PiecesNotThere
        | Code::ReturnNotAtThatStep
        | Code::WithdrawalOver
        | Code::NothingToWithdraw
        | Code::CardExpired
        | Code::OfferUsedUp => StatusCode::CONFLICT,
        Code::DropNotOpen
        | Code::DropEnded
        | Code::DropNotPlanned
        | Code::DropNotArmed
        | Code::NotEnoughStock
        | Code::ClaimLimit
        | Code::ClaimOver
        | Code::TriviaRunning
        | Code::NotInMarket => StatusCode::CONFLICT,
        Code::ClaimsBarred => StatusCode::FORBIDDEN,
        Code::IdempotencyKeyReused | Code::ChangedMeanwhile | Code::AlreadySetUp | Code::LastOwner => {
            StatusCode::CONFLICT
        }
        Code::ShowIsLive | Code::ShowHasEnded | Code::ShowNotLive | Code::ShowNotRehearsing | Code::HostIsElsewhere => {
            StatusCode::CONFLICT
        }
    }
}

/// One field that cannot be taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldBody {
    /// Path in the request's body, such as `variants.2.prices.0`.
    field: String,
    code: String,
    /// A plain sentence that says what to write instead, in the request's language.
    detail: String,
}

impl FieldBody {
    fn told(field: &problem::FieldProblem, language: &Language) -> Self {
        Self { field: field.field.clone(), code: field.code.into(), detail: field.sentence(language) }
    }
}

/// An `application/problem+json` body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// `/problems/` and the code: a page says what it means.
    r#type: String,
    title: String,
    status: u16,
    /// Permanent; docs/problems.md lists them all.
    code: String,
    /// A plain sentence that says what to do next, in the request's language.
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldBody>,
    #[serde(flatten)]
    #[schema(value_type = Object)]
    more: serde_json::Map<String, serde_json::Value>,
}

/// A problem and the language to tell it in. Handlers return `Result<_, Refused>` and use `?` on [`Problem`]: the
/// language is filled in on the way out by the [`crate::language::tell`] layer.
#[derive(Debug)]
pub struct Refused(pub Problem);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<shop::catalogue::Faults> for Refused {
    fn from(faults: shop::catalogue::Faults) -> Self {
        Self(faults.into())
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code).into_response();
        if let Some(secs) = self.0.retry_after_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if self.0.code == Code::Internal {
            tracing::error!(problem = %self.0, "a request failed");
        }
        response.extensions_mut().insert(std::sync::Arc::new(self.0));
        response
    }
}

/// Writes the body of a refused response in the reader's language.
pub(crate) fn told(mut response: Response, language: &Language) -> Response {
    let Some(problem) = response.extensions_mut().remove::<std::sync::Arc<Problem>>() else { return response };
    let (title, detail) = problem::texts::text(problem.code, language);
    let body = ProblemBody {
        r#type: format!("/problems/{}", problem.code.as_str()),
        title: title.into(),
        status: response.status().as_u16(),
        code: problem.code.as_str().into(),
        detail: detail.into(),
        fields: problem.fields.iter().map(|field| FieldBody::told(field, language)).collect(),
        more: problem.more.clone(),
    };
    let mut told = (response.status(), Json(body)).into_response();
    told.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    // What was said beside the problem stays said: when to try again, which pages may read it.
    for (name, value) in response.headers() {
        if !told.headers().contains_key(name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_once_with_its_status_and_sentence() {
        let page = include_str!("../../../docs/problems.md");
        for code in Code::ALL {
            let (title, detail) = problem::texts::text(*code, &Language::english());
            let row = format!("| `{}` | {} | {title} | {detail} |", code.as_str(), status(*code).as_u16());
            assert_eq!(page.lines().filter(|line| *line == row).count(), 1, "docs/problems.md lacks: {row}");
        }
        assert_eq!(page.matches("\n| `").count(), Code::ALL.len(), "docs/problems.md lists codes that are none");
    }

    #[test]
    fn every_code_has_words_of_its_own_in_both_languages() {
        for code in Code::ALL {
            let (english, chinese) = (Language::english(), Language::chinese());
            let check = |language| problem::texts::text(*code, language);
            assert_ne!(check(&english), check(&chinese), "{}", code.as_str());
        }
    }
}
