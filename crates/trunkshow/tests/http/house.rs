//! A house on a port of its own, and browsers that talk to it.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::ports::Clock;
use kernel::{Millis, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use trunkshow::config::{Config, Overrides};
use trunkshow::serve::{House, start_at};

/// 2026-11-22T18:00:00Z.
const START: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

/// A clock that the test turns.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.unix_micros()))
    }
}

impl TestClock {
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.unix_micros()))
    }

    pub fn pass(&self, span: Millis) {
        self.0.fetch_add(span.0 * 1_000, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.0.load(Ordering::Relaxed))
    }
}

pub struct TestHouse {
    pub house: House,
    pub clock: Arc<TestClock>,
    /// Goes with the house, unless somebody else keeps it.
    _own: Option<tempfile::TempDir>,
    data: PathBuf,
}

impl TestHouse {
    pub async fn start() -> Self {
        let own = tempfile::tempdir().expect("a folder");
        let house = Self::start_in(own.path()).await;
        Self { _own: Some(own), ..house }
    }

    /// Starts with settings of the test's own.
    pub async fn start_with(over: Overrides) -> Self {
        let own = tempfile::tempdir().expect("a folder");
        let house = Self::start_on(Overrides { data: Some(own.path().to_owned()), ..over }).await;
        Self { _own: Some(own), ..house }
    }

    /// Starts on a folder that somebody else keeps.
    pub async fn start_in(data: &Path) -> Self {
        Self::start_on(Overrides { data: Some(data.to_owned()), ..Overrides::default() }).await
    }

    async fn start_on(over: Overrides) -> Self {
        Self::start_by(over, Arc::default()).await
    }

    /// Starts with settings of the test's own, on a folder that it keeps, by a clock that somebody else looks at too.
    pub async fn start_by(over: Overrides, clock: Arc<TestClock>) -> Self {
        let free = Some(([127, 0, 0, 1], 0).into());
        let config =
            Config::load(&Overrides { http: free, rtmp: free, webrtc: free, ..over }).expect("the settings load");
        let data = config.data.clone();
        let house = start_at(config, true, clock.clone()).await.expect("the house starts");
        Self { house, clock, _own: None, data }
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A browser with no cookies yet. Where plain HTTP leads to HTTPS, it comes by the door of the house's own.
    pub fn browser(&self) -> Browser {
        self.browser_at([127, 0, 0, 1])
    }

    /// A browser that comes from another address of this machine.
    pub fn browser_at(&self, address: [u8; 4]) -> Browser {
        let builder = reqwest::Client::builder().cookie_store(true).local_address(IpAddr::from(address));
        let base = match self.house.https {
            None => format!("http://{}", self.house.http),
            Some(_) => self.house.inner_url.clone(),
        };
        Browser { client: builder.build().expect("a client"), base }
    }

    /// A browser signed in as the house's owner, who is made when there is none.
    pub async fn owner(&self) -> Browser {
        let browser = self.browser();
        let token = app::people::setup::setup_token(&self.house.app).await.expect("asked");
        match token {
            Some(token) => {
                let body = json!({"token": token, "name": "Olive Owner", "email": "owner@example.com", "password": "a long password"});
                browser.post("/setup", &body).await.expect(StatusCode::NO_CONTENT);
            }
            None => {
                let body = json!({"email": "owner@example.com", "password": "a long password"});
                browser.post("/sessions", &body).await.expect(StatusCode::NO_CONTENT);
            }
        }
        browser
    }

    /// A browser that has become a viewer.
    pub async fn viewer(&self) -> Browser {
        let browser = self.browser();
        browser.post("/viewer", &json!({})).await.expect(StatusCode::OK);
        browser
    }
}

#[derive(Clone)]
pub struct Browser {
    pub client: reqwest::Client,
    pub base: String,
}

/// What came back: the status and, where there was one, the JSON body.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The body, when the status is the one expected.
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The problem's code, with its status.
    pub fn problem(&self) -> (u16, String) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default().to_owned())
    }

    /// The first field that cannot be taken, with its code.
    pub fn fault(&self) -> (&str, &str) {
        let told = |key: &str| self.body["fields"][0][key].as_str().unwrap_or_default();
        (told("field"), told("code"))
    }
}

impl Browser {
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("the house answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    /// A request to the API, as one of our own pages would send it.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.base)).header("origin", &self.base)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }
}
