//! Stripe's HTTP interface: form-encoded requests, JSON answers of a bounded size, each call in a bounded time.

use std::time::Duration;

use app::ports::NoAnswer;
use reqwest::{Client, Method, RequestBuilder, StatusCode, header, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::secret::Secret;

/// What our forms and readers were written for. Stripe answers in the shapes of this version, whatever comes after it.
pub(crate) const API_VERSION: &str = "2025-03-31.basil";

const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// Below the patience of the desk, which asks again later.
const ANSWER_WITHIN: Duration = Duration::from_secs(7);
/// An answer is a page of a hundred charges at most.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// Of an error's sentence, for the log.
const MAX_SENTENCE: usize = 200;

/// The fields of a form, as `line_items[0][quantity]=1`.
pub(super) type Form = Vec<(&'static str, String)>;

#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    /// `https://api.stripe.com`, without a slash at the end.
    base: String,
    key: Secret,
}

/// Why there is no object.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No whole answer came, or Stripe itself failed or was busy: what was asked may have happened.
    Silent(String),
    /// Stripe said no, and will say so again.
    Said(String),
}

impl From<Refusal> for NoAnswer {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Silent(why) | Refusal::Said(why) => Self(why),
        }
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorObject,
}

#[derive(Deserialize)]
struct ErrorObject {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl Api {
    /// # Errors
    /// When this machine has no certificates to trust.
    pub(super) fn new(base: &str, key: Secret) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            // Nobody else is to see the key: neither whom an answer points to nor a proxy of the environment.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent("Trunkshow")
            .build()?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), key })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, query: &Form) -> Result<T, Refusal> {
        let address = format!("{}{path}?{}", self.base, encoded(query));
        self.answer(self.client.request(Method::GET, address)).await
    }

    /// The same key is the same request: Stripe does it once and repeats its answer.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, form: &Form, key: &str) -> Result<T, Refusal> {
        let request = self
            .client
            .request(Method::POST, format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("idempotency-key", key)
            .body(encoded(form));
        self.answer(request).await
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Refusal> {
        // An address may hold what only the buyer should know.
        let silent = |error: reqwest::Error| Refusal::Silent(error.without_url().to_string());
        let request = request.bearer_auth(self.key.reveal()).header("stripe-version", API_VERSION);
        let mut response = request.send().await.map_err(silent)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(silent)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Refusal::Silent(format!("an answer of more than {MAX_ANSWER} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| Refusal::Silent(format!("not understood: {error}")));
        }
        let told = serde_json::from_slice::<ErrorBody>(&body).map_or_else(|_| String::new(), |body| told(&body.error));
        let why = format!("{} {told}", status.as_u16());
        Err(match status {
            StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED | StatusCode::NOT_FOUND => Refusal::Said(why),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                tracing::error!("Stripe refuses our key: look at stripe_key_file");
                Refusal::Silent(why)
            }
            _ => Refusal::Silent(why),
        })
    }
}

fn told(error: &ErrorObject) -> String {
    let sentence: String = error.message.iter().flat_map(|text| text.chars()).take(MAX_SENTENCE).collect();
    format!("{} {}: {sentence}", error.r#type, error.code.as_deref().unwrap_or("-"))
}

fn encoded(form: &Form) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}
