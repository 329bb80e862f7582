//! A live show is recorded and played once it is over: real encoders, a real process that is killed, a real decoder.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use links::s3_server::S3Server;

use crate::house::Browser;
use crate::process::Process;

/// What OBS sends by default, but small and quick to encode, from these sources.
fn encoder(address: &str, sources: &str) -> Child {
    Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error", "-nostdin"])
        .args(sources.split_whitespace())
        .args("-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -b:v 300k -c:a aac".split(' '))
        .args(["-t", "60", "-f", "flv", address])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("ffmpeg is installed")
}

/// Programme times of the parts behind the last whole segment of a live playlist: where each ends, Unix milliseconds.
fn open_parts(playlist: &str) -> Vec<i64> {
    let value = |line: &str, name: &str| {
        let found = line.split([':', ',']).find_map(|pair| pair.strip_prefix(name).map(str::to_owned));
        found.unwrap_or_else(|| panic!("no {name} in {line}"))
    };
    let (mut at, mut ends) = (0, Vec::new());
    for line in playlist.lines() {
        if let Some(date) = line.strip_prefix("#EXT-X-PROGRAM-DATE-TIME:") {
            at = date.parse::<kernel::Timestamp>().expect("a date").unix_millis();
            ends.clear();
        } else if line.starts_with("#EXT-X-PART:") {
            let seconds: f64 = value(line, "DURATION=").parse().expect("seconds");
            ends.push(ends.last().unwrap_or(&at) + (seconds * 1_000.0).round() as i64);
        } else if line.starts_with("#EXTINF:") {
            ends.clear();
        }
    }
    ends
}

/// Waits until the segment in the making has so many parts; where they end.
async fn parts_in_the_making(browser: &Browser, playlist: &str, enough: usize) -> Vec<i64> {
    let waited = async {
        loop {
            let parts = open_parts(&text(browser, playlist).await.1);
            if parts.len() >= enough {
                return parts;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(60), waited).await.expect("parts")
}

const SIDEWAYS: &str = "-re -f lavfi -i testsrc2=size=320x180:rate=15 -f lavfi -i sine=sample_rate=48000";
const UPRIGHT: &str = "-re -f lavfi -i testsrc2=size=180x320:rate=15 -f lavfi -i sine=sample_rate=44100";

async fn sign_in(process: &Process) -> Browser {
    let browser = process.browser();
    let body = json!({"email": "o@example.com", "password": "a long password"});
    browser.post("/sessions", &body).await.expect(StatusCode::NO_CONTENT);
    browser
}

/// Waits until so much of the show is recorded, in milliseconds.
async fn recorded(owner: &Browser, show: &str, enough: i64) -> Value {
    let waited = async {
        loop {
            let seen = owner.get(&format!("/studio/shows/{show}")).await.expect(StatusCode::OK);
            if seen["recording"]["recorded_ms"].as_i64().is_some_and(|ms| ms >= enough) {
                return seen["recording"].clone();
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(60), waited).await.expect("it is recorded")
}

async fn address(process: &Process, owner: &Browser, show: &str) -> String {
    let key = owner.get(&format!("/shows/{show}/stream-key")).await.expect(StatusCode::OK);
    format!("{}/{}", process.text("rtmp"), key["stream_key"].as_str().expect("a key"))
}

async fn text(browser: &Browser, path: &str) -> (StatusCode, String) {
    let answer = browser.client.get(format!("{}{path}", browser.base)).send().await.expect("answers");
    (answer.status(), answer.text().await.expect("a body"))
}

/// ffmpeg decodes every picture and sound of it without a complaint.
async fn decodes(input: &str) {
    let run =
        Command::new("ffmpeg").args(["-v", "error", "-i", input, "-f", "null", "-"]).output().await.expect("runs");
    assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{input}");
}

/// A picture's kind, width and height, as ffprobe reads it.
async fn size(browser: &Browser, path: &str, folder: &Path) -> String {
    let asked = browser.client.get(format!("{}{path}", browser.base)).send().await.expect("answers");
    assert_eq!(asked.headers()["content-type"], "image/jpeg", "{path}: {}", asked.status());
    let file = folder.join("picture.jpg");
    std::fs::write(&file, asked.bytes().await.expect("a body")).expect("written");
    let entries = ["-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0"];
    let probed = Command::new("ffprobe").args(entries).arg(&file).output().await.expect("runs");
    String::from_utf8_lossy(&probed.stdout).trim().to_owned()
}

/// Each stretch of a playlist as a file of its own, as a player feeds them to its decoder.
async fn stretches(browser: &Browser, show: &str, playlist: &str, folder: &Path) -> Vec<String> {
    let mut files: Vec<Vec<u8>> = Vec::new();
    let mut map = String::new();
    let mut fresh = true;
    for line in playlist.lines() {
        if let Some(uri) = line.strip_prefix("#EXT-X-MAP:URI=") {
            map = uri.trim_matches('"').to_owned();
        }
        fresh |= line == "#EXT-X-DISCONTINUITY";
        if line.starts_with('#') {
            continue;
        }
        let names = if std::mem::take(&mut fresh) { vec![map.as_str(), line] } else { vec![line] };
        if names.len() == 2 {
            files.push(Vec::new());
        }
        for name in names {
            let asked = browser.client.get(format!("{}/replays/{show}/{name}", browser.base)).send().await;
            let bytes = asked.expect("answers").error_for_status().expect("there").bytes().await.expect("a body");
            files.last_mut().expect("a stretch").extend_from_slice(&bytes);
        }
    }
    let write = |(number, bytes): (usize, Vec<u8>)| {
        let file = folder.join(format!("{number}.mp4"));
        std::fs::write(&file, bytes).expect("written");
        file.to_str().expect("a path").to_owned()
    };
    files.into_iter().enumerate().map(write).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_goes_on_with_the_recording_and_the_replay_plays() {
    killed_and_replayed(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_with_objects_in_a_store_that_speaks_s3() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = S3Server::start(folder.path()).await else { return };
    killed_and_replayed(&["--objects", &server.address("shop")]).await;
}

async fn killed_and_replayed(settings: &[&str]) {
    let data = tempfile::tempdir().expect("a folder");
    let process = Process::start(data.path(), settings);
    let show = process.planned_show().await;
    let owner = sign_in(&process).await;
    let first = encoder(&address(&process, &owner, &show).await, SIDEWAYS);
    sleep(Duration::from_secs(2)).await;
    owner.post(&format!("/shows/{show}/go-live"), &json!({})).await.expect(StatusCode::OK);
    let before = recorded(&owner, &show, 4_000).await;
    assert_eq!((&before["stopped"], &before["missing_ms"]), (&Value::Null, &json!(0)));

    // What is behind a live show can be watched already.
    let (status, behind) = text(&owner, &format!("/replays/{show}/media.m3u8")).await;
    assert!(status == StatusCode::OK && behind.contains("TYPE:EVENT") && !behind.contains("ENDLIST"), "{behind}");

    // The first three parts of the segment in the making were there before the fourth: the kill may cost that one.
    let seen = owner.get(&format!("/studio/shows/{show}")).await.expect(StatusCode::OK);
    let live = seen["playback"]["hls"].as_str().expect("it is on air").replace("master", "live");
    let parts = parts_in_the_making(&owner, &live, 4).await;
    process.signal(Signal::KILL);
    let (status, _) = tokio::task::spawn_blocking(|| process.end()).await.expect("it ends");
    assert_eq!((status, drop(first)), (None, ()), "killed");
    let process = Process::start(data.path(), settings);
    let owner = sign_in(&process).await;
    let after = recorded(&owner, &show, 4_000).await;
    assert!(after["recorded_ms"].as_i64() >= before["recorded_ms"].as_i64(), "{after} of {before}");
    let replay = owner.get(&format!("/studio/shows/{show}/replay")).await.expect(StatusCode::OK);
    let ends = replay["ends_ms"].as_i64().expect("a time");
    assert!(ends >= parts[2], "{ends}, but {parts:?} could be watched");
    let mut second = encoder(&address(&process, &owner, &show).await, UPRIGHT);
    recorded(&owner, &show, after["recorded_ms"].as_i64().expect("a number") + 4_000).await;
    owner.post(&format!("/shows/{show}/end"), &json!({"confirm": "end"})).await.expect(StatusCode::OK);
    second.wait().await.expect("it is sent away");

    let viewer = process.browser();
    let ended = async {
        loop {
            let (_, playlist) = text(&viewer, &format!("/replays/{show}/media.m3u8")).await;
            if playlist.contains("#EXT-X-ENDLIST") {
                return playlist;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let playlist = timeout(Duration::from_secs(10), ended).await.expect("the replay");
    assert_eq!(playlist.matches("#EXT-X-DISCONTINUITY").count(), 1, "{playlist}");
    assert_eq!(playlist.matches("#EXT-X-MAP").count(), 2, "{playlist}");
    let folder = tempfile::tempdir().expect("a folder");
    let files = stretches(&viewer, &show, &playlist, folder.path()).await;
    assert_eq!(files.len(), 2);
    for file in &files {
        decodes(file).await;
    }
    let replay = viewer.get(&format!("/shows/{show}/replay")).await.expect(StatusCode::OK);
    let stretches = replay["stretches"].as_array().expect("stretches");
    let away = stretches[1]["at_ms"].as_i64().expect("a time") - stretches[0]["at_ms"].as_i64().expect("a time");
    assert!(away > stretches[0]["duration_ms"].as_i64().expect("a length"), "programme times are kept: {replay}");

    // A clip of the first stretch: a file that begins at zero and decodes.
    let from = stretches[0]["at_ms"].as_i64().expect("a time");
    let path = format!("/api/v1/shows/{show}/clip.mp4?from_ms={from}&to_ms={}", from + 3_000);
    assert_eq!(text(&viewer, &path).await.0, StatusCode::UNAUTHORIZED);
    let clip = owner.client.get(format!("{}{path}", owner.base)).send().await.expect("answers");
    let file = folder.path().join("clip.mp4");
    std::fs::write(&file, clip.bytes().await.expect("a body")).expect("written");
    let file = file.to_str().expect("a path");
    decodes(file).await;
    let entries = ["-v", "error", "-show_entries", "format=start_time,duration", "-of", "csv=p=0", file];
    let probed = Command::new("ffprobe").args(entries).output().await.expect("runs");
    let probed = String::from_utf8_lossy(&probed.stdout).into_owned();
    let (start, length) = probed.trim().split_once(',').expect("two numbers");
    let (start, length) = (start.parse::<f64>().expect("a number"), length.parse::<f64>().expect("a number"));
    assert!(start.abs() < 0.2 && (2.9..6.5).contains(&length), "{probed}");

    // The seek bar's first picture, and one chosen to stand for the replay: as tall as they may be, in the picture's shape.
    let still = replay["stills"][0]["url"].as_str().expect("a picture along the seek bar").to_owned();
    assert_eq!(size(&viewer, &still, folder.path()).await, "mjpeg,320,180");
    let edit = json!({"version": 0, "start_ms": null, "hidden": [], "chapters": null, "end_ms": null,
        "poster_ms": stretches[1]["at_ms"].as_i64().expect("a time") + 700});
    owner.put(&format!("/shows/{show}/replay"), &edit).await.expect(StatusCode::OK);
    let poster = viewer.get(&format!("/shows/{show}/replay")).await.expect(StatusCode::OK)["poster"].clone();
    assert_eq!(size(&viewer, poster.as_str().expect("a picture"), folder.path()).await, "mjpeg,180,320");

    // An assistant trims the beginning away: it is gone for viewers, and there for staff.
    let starts = stretches[1]["at_ms"].clone();
    let edit =
        json!({"version": 1, "start_ms": starts, "hidden": [], "chapters": null, "end_ms": null, "poster_ms": null});
    let edited = owner.put(&format!("/shows/{show}/replay"), &edit).await.expect(StatusCode::OK);
    assert_eq!(edited["edit"]["version"], 2);
    for gone in [still.as_str(), poster.as_str().expect("a picture")] {
        assert_eq!(text(&viewer, gone).await.0, StatusCode::NOT_FOUND, "{gone} is not shown any more");
    }
    owner.put(&format!("/shows/{show}/replay"), &edit).await.expect(StatusCode::CONFLICT);
    let replay = viewer.get(&format!("/shows/{show}/replay")).await.expect(StatusCode::OK);
    assert_eq!((replay["stretches"].as_array().map(Vec::len), &replay["stretches"][0]["at_ms"]), (Some(1), &starts));
    for (who, status) in [(&viewer, StatusCode::NOT_FOUND), (&owner, StatusCode::OK)] {
        assert_eq!(text(who, &format!("/replays/{show}/original.m3u8")).await.0, status);
        let asked = who.client.request(Method::GET, format!("{}/replays/{show}/0.m4s", who.base)).send().await;
        assert_eq!(asked.expect("answers").status(), status);
    }
    let page = viewer.get(&format!("/shows/{show}/replay/log?limit=1000")).await.expect(StatusCode::OK);
    assert!(page["events"].as_array().is_some() && page["next"].is_null(), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_disk_is_full_the_recording_stops_and_the_show_goes_on() {
    let data = tempfile::tempdir().expect("a folder");
    // More than any disk here has: the guard stops it at the first segment.
    let process = Process::start(data.path(), &["--keep-free-mb", "4000000000"]);
    let show = process.planned_show().await;
    let owner = sign_in(&process).await;
    let _encoder = encoder(&address(&process, &owner, &show).await, SIDEWAYS);
    sleep(Duration::from_secs(2)).await;
    owner.post(&format!("/shows/{show}/go-live"), &json!({})).await.expect(StatusCode::OK);
    let seen = async {
        loop {
            let seen = owner.get(&format!("/studio/shows/{show}")).await.expect(StatusCode::OK);
            if seen["recording"]["missing_ms"].as_i64().is_some_and(|ms| ms > 4_000) {
                return seen;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    let seen = timeout(Duration::from_secs(60), seen).await.expect("the desk is told");
    assert_eq!(seen["recording"]["stopped"], "disk");
    assert_eq!(seen["recording"]["recorded_ms"], 0);
    let hls = seen["playback"]["hls"].as_str().expect("it is on air");
    assert!(text(&owner, hls).await.1.contains("#EXT-X-STREAM-INF"));
    let trail = owner.get(&format!("/audit?show={show}")).await.expect(StatusCode::OK);
    assert!(trail.to_string().contains("recording.stopped"), "{trail}");
    assert_eq!(text(&owner, &format!("/replays/{show}/media.m3u8")).await.0, StatusCode::NOT_FOUND);
}
