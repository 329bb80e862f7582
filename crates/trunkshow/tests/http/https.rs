//! HTTPS as browsers meet it: real handshakes, a certificate from each of its sources, and plain HTTP that leads there.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::ports::Clock;
use kernel::Millis;
use links::certificates::{Certificate, HouseAuthority, Shown, Source};
use reqwest::{Certificate as Root, Client, StatusCode, Version, redirect};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use trunkshow::clock::SystemClock;
use trunkshow::config::{Config, Overrides};
use trunkshow::serve::start_at;

use crate::house::{Browser, TestClock, TestHouse};
use crate::pebble::Pebble;
use crate::room::OnAir;
use crate::room::socket::Socket;

/// Clients look at certificates by the clock on the wall.
fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(SystemClock.now()))
}

fn over(tls: &str) -> Overrides {
    Overrides { tls: Some(tls.into()), https: Some(([127, 0, 0, 1], 0).into()), ..Overrides::default() }
}

async fn house(over: Overrides, data: &Path) -> TestHouse {
    TestHouse::start_by(Overrides { data: Some(data.to_owned()), ..over }, clock()).await
}

/// A browser that trusts this authority alone, and follows nothing by itself.
fn browser(root: &Path) -> Client {
    let root = Root::from_pem(&fs::read(root).expect("a root")).expect("a certificate");
    Client::builder().tls_certs_only([root]).redirect(redirect::Policy::none()).build().expect("a client")
}

fn secure(house: &TestHouse) -> SocketAddr {
    house.house.https.expect("it speaks HTTPS")
}

/// Two files that an authority in this folder signed, for 127.0.0.1 and for a name that tells them from others.
async fn files(folder: &Path, name: &'static str) -> (PathBuf, PathBuf) {
    let authority = HouseAuthority::new(folder.to_owned(), move || vec!["127.0.0.1".into(), name.into()]);
    Source::House(authority).round(SystemClock.now(), &Shown::default()).await.expect("made");
    HouseAuthority::leaf(folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_signs_for_itself_is_trusted_by_its_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let house = house(over("local"), folder.path()).await;
    let (https, http) = (secure(&house), house.house.http);
    assert_eq!(house.house.url, format!("https://{https}"));

    let plain = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
    let page = plain.get(format!("http://{http}/trust")).send().await.expect("an answer");
    let page = page.text().await.expect("a page");
    let der = plain.get(format!("http://{http}/trust/house.crt")).send().await.expect("an answer");
    assert_eq!(der.headers()["content-type"], "application/x-x509-ca-cert");
    let der = der.bytes().await.expect("a certificate");
    let trusting = Client::builder().tls_certs_only([Root::from_der(&der).expect("DER")]).cookie_store(true);
    let trusting = trusting.build().expect("a client");
    let answer = trusting.get(format!("https://{https}/healthz")).send().await.expect("trusted");
    assert_eq!((answer.status(), answer.version()), (StatusCode::NO_CONTENT, Version::HTTP_2));
    let stranger = plain.get(format!("https://{https}/healthz")).send().await;
    assert!(stranger.is_err(), "nobody else trusts it: {stranger:?}");

    let show = crate::room::planned(&house).await;
    let owner = Browser { client: trusting, base: format!("https://{https}") };
    let body = json!({"email": "owner@example.com", "password": "a long password"});
    owner.post("/sessions", &body).await.expect(StatusCode::NO_CONTENT);
    let told = owner.get(&format!("/shows/{show}/stream-key")).await.expect(StatusCode::OK);
    let fingerprint = told["trust"]["fingerprint"].as_str().expect("a fingerprint");
    assert!(page.contains(fingerprint), "the desk and the page say the same: {page}");
    assert_eq!(told["trust"]["page"], format!("http://{http}/trust"));
    assert_eq!(told["house_url"], format!("https://{https}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_leads_to_https_and_probes_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let house = house(over("local"), folder.path()).await;
    let (https, http) = (secure(&house), house.house.http);
    let plain = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
    let check = async |path: &str, expected: u16, to: Option<String>| {
        let answer = plain.get(format!("http://{http}{path}")).send().await.expect("an answer");
        let location = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
        assert_eq!((answer.status().as_u16(), location), (expected, to), "{path}");
    };
    check("/shows/1?a=b%20c", 308, Some(format!("https://{https}/shows/1?a=b%20c"))).await;
    check("/api/v1/me", 308, Some(format!("https://{https}/api/v1/me"))).await;
    check("/healthz", 204, None).await;
    check("/readyz", 204, None).await;
    let posted = plain.post(format!("http://{http}/api/v1/viewer")).send().await.expect("an answer");
    assert_eq!(posted.status(), StatusCode::PERMANENT_REDIRECT, "a POST stays one");
    let ours = browser(&folder.path().join("tls/authority.pem"));
    let viewer = ours.post(format!("https://{https}/api/v1/viewer")).json(&json!({})).send().await.expect("an answer");
    let cookie = viewer.headers()["set-cookie"].to_str().expect("text");
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_heard_through_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let over = Overrides { data: Some(folder.path().to_owned()), ..over("local") };
    let on_air = OnAir::open(TestHouse::start_by(over, clock()).await).await;
    let mine = on_air.viewer("Amélie").await;
    let https = secure(&on_air.house);
    let root = folder.path().join("tls/authority.pem");
    let mut socket = Socket::connect_securely(https, &on_air.path(), &mine, &root).await;
    socket.send(json!({"t": "join"})).await;
    assert_eq!(socket.frame("hello").await["resumed"], false);
    // More than one TLS record holds, both ways.
    let many: Vec<String> = (0..40).map(|number| format!("{number} {}", "é".repeat(200))).collect();
    for (number, text) in many.iter().enumerate() {
        socket.send(json!({"t": "say", "ref": format!("r{number}"), "text": text})).await;
        on_air.house.clock.pass(Millis::from_secs(5));
        let heard = socket.event("message").await;
        assert_eq!(heard["text"], *text, "{heard}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn own_files_are_read_again_and_wrong_ones_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    let (certificate, key) = files(&one, "one.example").await;
    let (other_certificate, other_key) = files(&other, "other.example").await;
    let with = |certificate: &Path, key: &Path| Overrides {
        tls_certificate_file: Some(certificate.to_owned()),
        tls_key_file: Some(key.to_owned()),
        data: Some(folder.path().join("house")),
        ..over("files")
    };
    let refused = async |certificate: &Path, key: &Path, expected: &str| {
        let free = Some(([127, 0, 0, 1], 0).into());
        let over = Overrides { http: free, rtmp: free, webrtc: free, ..with(certificate, key) };
        let started = start_at(Config::load(&over).expect("loads"), true, clock()).await;
        let said = started.expect_err("refused").to_string();
        assert!(said.contains(expected), "{said}");
    };
    let nowhere = folder.path().join("nowhere.pem");
    refused(&nowhere, &key, &nowhere.display().to_string()).await;
    refused(&certificate, &other_key, &format!("{} is not the one", other_key.display())).await;
    refused(&key, &key, &format!("{} holds no certificate", key.display())).await;
    refused(&certificate, &certificate, &format!("{} holds no private key", certificate.display())).await;

    let house = house(with(&certificate, &key), folder.path()).await;
    let https = secure(&house);
    let answers = async |root: &Path| {
        let answer = browser(&root.join("authority.pem")).get(format!("https://{https}/healthz")).send().await;
        answer.is_ok()
    };
    assert_eq!((answers(&one).await, answers(&other).await), (true, false));
    // Half of a change: the one before stays.
    fs::copy(&other_certificate, &certificate).expect("copied");
    tokio::time::sleep(Duration::from_millis(300)).await;
    fs::copy(&other_key, &key).expect("copied");
    while !answers(&other).await {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(!answers(&one).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_authority_gives_a_certificate_that_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let Some(pebble) = Pebble::start(&folder.path().join("pebble"), port.port()).await else { return };
    let acme = || Overrides {
        https: Some(port),
        tls_names: Some(vec!["localhost".into()]),
        acme_url: Some(pebble.directory()),
        acme_root_file: Some(pebble.root()),
        ..over("acme")
    };
    let data = folder.path().join("house");
    let first = house(acme(), &data).await;
    let (file, key) = (data.join("tls/acme.pem"), data.join("tls/acme.key"));
    let ours = pebble.browser().await;
    let url = format!("https://localhost:{}/healthz", port.port());
    let answer = loop {
        match ours.get(&url).send().await {
            Ok(answer) => break answer,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        let failed = fs::read_to_string(data.join("tls/acme.failed")).unwrap_or_default();
        assert!(failed.is_empty(), "{failed}");
    };
    assert_eq!((answer.status(), answer.version()), (StatusCode::NO_CONTENT, Version::HTTP_2));
    let given = Certificate::read(&file, &key).expect("kept");
    assert!(given.covers("localhost") && given.ends > SystemClock.now() + Millis::from_days(20), "{given:?}");
    first.house.stop().await;

    let pem = fs::read(&file).expect("kept");
    let second = house(acme(), &data).await;
    assert_eq!(ours.get(&url).send().await.expect("at once").status(), StatusCode::NO_CONTENT);
    assert_eq!(fs::read(&file).expect("kept"), pem, "nobody was asked again");
    second.house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_refuses_is_told_of_and_asked_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let acme = Overrides {
        tls_names: Some(vec!["shop.example".into()]),
        acme_url: Some(format!("https://{nobody}/directory")),
        ..over("acme")
    };
    let house = house(acme, folder.path()).await;
    let failed = folder.path().join("tls/acme.failed");
    while !failed.exists() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let last = links::certificates::Acme::last_failure(&folder.path().join("tls")).expect("told");
    assert!(last.at >= house.clock.now() - Millis::from_mins(1) && !last.said.is_empty(), "{last:?}");
    assert!(TcpStream::connect(secure(&house)).await.is_ok(), "the house listens meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_speak_tls_is_not_talked_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let house = house(over("local"), folder.path()).await;
    let mut stream = TcpStream::connect(secure(&house)).await.expect("connects");
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("sent");
    let mut all = Vec::new();
    let _reset = stream.read_to_end(&mut all).await;
    assert!(!String::from_utf8_lossy(&all).contains("HTTP/1.1"), "{all:?}");
}
