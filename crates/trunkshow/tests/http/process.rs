//! The real process, from its ready line to its orderly end.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::house::Browser;
use crate::room::socket::Socket;

pub(crate) struct Process {
    child: Child,
    ready: Value,
}

impl Process {
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trunkshow"))
            .args(["serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--webrtc", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let line = out.lines().map_while(Result::ok).find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
        let ready = serde_json::from_str(&line.expect("a ready line")).expect("JSON");
        Self { child, ready }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.ready))
    }

    pub(crate) fn browser(&self) -> Browser {
        let client = reqwest::Client::builder().cookie_store(true).build().expect("a client");
        Browser { client, base: self.text("url").to_owned() }
    }

    pub(crate) fn http(&self) -> SocketAddr {
        self.text("url").trim_start_matches("http://").parse().expect("an address")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("sent");
    }

    /// Makes the owner and a show in the plan; its id.
    pub(crate) async fn planned_show(&self) -> String {
        let owner = self.browser();
        let (_, token) = self.text("setup").split_once("token=").expect("a token");
        let body = json!({"token": token, "name": "Olive", "email": "o@example.com", "password": "a long password"});
        owner.post("/setup", &body).await.expect(StatusCode::NO_CONTENT);
        let me = owner.get("/me").await.expect(StatusCode::OK);
        let brand = owner.post("/brands", &json!({"name": "Maison"})).await.expect(StatusCode::CREATED);
        let show = json!({"title": {"en": "Evening"}, "description": {}, "brand_id": brand["id"], "cover_media_id": null,
            "host_person_id": me["person"]["id"], "starts_at": "2027-01-01T19:00:00.000Z", "time_zone": "Europe/Paris"});
        let show = owner.post("/shows", &show).await.expect(StatusCode::CREATED);
        show["id"].as_str().expect("an id").to_owned()
    }

    /// Its exit status, and what it logged.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.child.stderr.take().expect("its log").read_to_string(&mut log).expect("read");
        (self.child.wait().expect("it ends").code(), log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
    }
}

async fn ready(browser: &Browser) -> Option<StatusCode> {
    let asked = browser.client.get(format!("{}/readyz", browser.base)).send().await;
    asked.ok().map(|response| response.status())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_drains() {
    let data = tempfile::tempdir().expect("a folder");
    let process = Process::start(data.path(), &["--log-format", "json", "--log", "debug", "--drain-secs", "1"]);
    let browser = process.browser();
    assert_eq!(ready(&browser).await, Some(StatusCode::NO_CONTENT));
    let show = process.planned_show().await;
    let viewer = browser.post("/viewer", &json!({})).await.expect(StatusCode::OK);
    let cookie = format!("ts_viewer={}", viewer["token"].as_str().expect("a token"));
    let path = format!("/api/v1/shows/{show}/room");
    let mut socket = Socket::connect(process.http(), &path, &cookie).await;
    socket.send(json!({"t": "join"})).await;
    assert_eq!(socket.next().await.expect("a hello")["t"], "hello");

    process.signal(Signal::TERM);
    let not_ready = async {
        while ready(&browser).await == Some(StatusCode::NO_CONTENT) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        ready(&browser).await
    };
    assert_eq!(not_ready.await, Some(StatusCode::SERVICE_UNAVAILABLE));
    browser.get("/house").await.expect(StatusCode::OK);
    let closed = loop {
        if let Err(code) = socket.next().await {
            break code;
        }
    };
    assert_eq!(closed, 4500, "come back, elsewhere");
    let (status, log) = tokio::task::spawn_blocking(|| process.end()).await.expect("it ends");
    assert_eq!(status, Some(0), "{log}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert!(lines.iter().any(|line| line["fields"]["message"] == "stopped"), "{log}");
}

#[tokio::test]
async fn a_folder_is_served_once() {
    let data = tempfile::tempdir().expect("a folder");
    let first = Process::start(data.path(), &[]);
    let folder = data.path().to_str().expect("a path");
    let second = Command::new(env!("CARGO_BIN_EXE_trunkshow"))
        .args(["serve", "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--webrtc", "127.0.0.1:0", "--data", folder])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && said.contains("another trunkshow serves it"), "{said}");
    let http = first.http().to_string();
    let doctor = Command::new(env!("CARGO_BIN_EXE_trunkshow"))
        .args(["doctor", "--data", folder, "--rtmp", "127.0.0.1:0", "--webrtc", "127.0.0.1:0", "--http", &http])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&doctor.stdout);
    assert!(doctor.status.success() && said.contains("most likely by this house"), "{said}");
}
