//! Reading requests: what axum would refuse in its own words is refused as a problem.

use std::error::Error;

use app::{Code, Problem};
use axum::extract::rejection::{JsonDataError, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::problem::Refused;

/// A JSON body. Not JSON is `bad_request`; JSON of another shape is `invalid`; past the route's limit is `too_large`.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(misshapen(&error).with("reason", error.body_text()).into()),
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Code::TooLarge.into()),
            Err(other) => Err(Problem::from(Code::BadRequest).with("reason", other.body_text()).into()),
        }
    }
}

/// Names the field that has another shape than the route's, as far as the reader's error tells.
fn misshapen(error: &JsonDataError) -> Problem {
    type Located = serde_path_to_error::Error<serde_json::Error>;
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    let Some(located) = causes.find_map(|cause| cause.downcast_ref::<Located>()) else { return Code::Invalid.into() };
    let place = located.path().iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(key.clone()),
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    let told = located.inner().to_string();
    let missing = told.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')).map(|(name, _)| name);
    let field: Vec<String> = place.chain(missing.map(str::to_owned)).collect();
    Problem::field(field.join("."), if missing.is_some() { "missing" } else { "wrong_type" })
}

/// A path's ids and numbers. What does not read as one is not here.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Code::NotFound.into())
    }
}

/// A query. What cannot be read is `bad_request`, with the reason.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| Problem::from(Code::BadRequest).with("reason", error.body_text()).into())
    }
}
