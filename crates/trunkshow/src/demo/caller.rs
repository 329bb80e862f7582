//! Calls the house's own public interface, as its pages do: the demo can do nothing that a newcomer could not.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// Why the demo could not go on, in words for the person who started it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("{method} {path} was refused ({status}): {detail}")]
    Refused { method: Method, path: String, status: u16, code: String, detail: String },
    #[error("{0} got no answer: {1}")]
    Unanswered(String, reqwest::Error),
    #[error("{0}: the answer has no `{1}`")]
    Missing(String, &'static str),
    #[error("the furniture cannot be read: {0}")]
    Furniture(#[from] toml::de::Error),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0}")]
    Said(String),
}

/// One visitor's session: cookies of its own.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    http: Client,
    url: String,
}

impl Caller {
    /// A visitor of the house at `url`, without a sign-in.
    pub(crate) fn new(url: &str) -> Result<Self, DemoError> {
        let http = Client::builder()
            .cookie_store(true)
            .build()
            .map_err(|error| DemoError::Unanswered("the client".into(), error))?;
        Ok(Self { http, url: url.to_owned() })
    }

    /// A member of staff.
    pub(crate) async fn signed_in(url: &str, email: &str, password: &str) -> Result<Self, DemoError> {
        let caller = Self::new(url)?;
        caller.post("/sessions", &serde_json::json!({ "email": email, "password": password })).await?;
        Ok(caller)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.url)).header("Origin", &self.url)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, DemoError> {
        self.answer(Method::GET, path, self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        self.answer(Method::POST, path, self.request(Method::POST, path).json(body)).await
    }

    /// A POST that is done once however often it is sent.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Result<Value, DemoError> {
        let request = self.request(Method::POST, path).header("Idempotency-Key", key).json(body);
        self.answer(Method::POST, path, request).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        self.answer(Method::PUT, path, self.request(Method::PUT, path).json(body)).await
    }

    /// Uploads a picture; answers with its media id.
    pub(crate) async fn upload(&self, name: &str, bytes: Vec<u8>) -> Result<String, DemoError> {
        let part = reqwest::multipart::Part::bytes(bytes)
            .file_name(format!("{name}.webp"))
            .mime_str("image/webp")
            .map_err(|error| DemoError::Unanswered(name.to_owned(), error))?;
        let form = reqwest::multipart::Form::new().part("file", part);
        let answer = self.answer(Method::POST, "/media", self.request(Method::POST, "/media").multipart(form)).await?;
        text(&answer, "/media", "id")
    }

    /// Whether an address outside of the interface answers with something.
    pub(crate) async fn serves(&self, path: &str) -> bool {
        let answer = self.http.get(format!("{}{path}", self.url)).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    async fn answer(&self, method: Method, path: &str, request: RequestBuilder) -> Result<Value, DemoError> {
        let unanswered = |error| DemoError::Unanswered(format!("{method} {path}"), error);
        let response = request.send().await.map_err(unanswered)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unanswered)?;
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        let said = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let detail = match value.get("fields") {
            Some(fields) => format!("{} {fields}", said("detail")),
            None => said("detail"),
        };
        Err(DemoError::Refused { method, path: path.to_owned(), status: status.as_u16(), code: said("code"), detail })
    }
}

/// A text of an answer.
pub(crate) fn text(answer: &Value, from: &str, key: &'static str) -> Result<String, DemoError> {
    answer[key].as_str().map(str::to_owned).ok_or_else(|| DemoError::Missing(from.to_owned(), key))
}
