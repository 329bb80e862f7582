//! The process that leads a room is killed in the middle of a show: how long until a viewer, who comes back by themselves, is
//! told the next event by another process on the same database.

use std::process::Command;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep, timeout};

use crate::house::{House, Spoiled, ask};
use crate::socket::{Heard, Socket, Way};

/// All of it may take so long before there is no figure.
const PATIENCE: Duration = Duration::from_secs(60);
/// A client that is refused tries again after so long.
const AGAIN: Duration = Duration::from_millis(50);

/// Who is killed, and who is there to go on.
#[derive(Clone, Debug)]
pub(crate) struct Failover {
    /// The process that leads, and `host:port` of the other.
    pub(crate) leads: House,
    pub(crate) other: String,
    /// The leader's, on this machine.
    pub(crate) pid: u32,
    pub(crate) show: String,
}

/// What was seen.
#[derive(Debug, Serialize)]
pub(crate) struct Survived {
    /// From the kill to the next event.
    took_ms: f64,
    /// Times that the viewer was sent away before somebody led the room again.
    refused: u32,
    /// The last offset that was told before the kill, and the first after it.
    last_before: u64,
    first_after: u64,
    /// Whether the tail went on where it had stopped.
    resumed: bool,
}

/// What a frame says that matters here.
#[derive(Debug, Default)]
struct Told {
    epoch: Option<String>,
    resumed: bool,
    /// The last offset that is known by it.
    offset: u64,
    closed: bool,
}

fn read(heard: &Heard<'_>, told: &mut Told) {
    let Heard::Text(text) = heard else {
        told.closed = true;
        return;
    };
    let Ok(frame) = serde_json::from_slice::<serde_json::Value>(text) else { return };
    match frame["t"].as_str() {
        Some("hello") => {
            told.epoch = frame["epoch"].as_str().map(str::to_owned);
            told.resumed = frame["resumed"] == true;
            told.offset = frame["snapshot"]["offset"].as_u64().unwrap_or(told.offset);
        }
        Some("frame") => told.offset = frame["to"].as_u64().unwrap_or(told.offset).max(told.offset),
        _ => {}
    }
}

struct Viewer {
    socket: Socket,
    told: Told,
}

impl Viewer {
    /// None where the house sends them away.
    async fn join(host: &str, path: &str, cookie: &str, from: Option<&Told>) -> Result<Option<Self>, Spoiled> {
        let way = Way { to: crate::viewers::resolve(host).await?, from: None, receive_buffer: 0, deflate: false };
        let Ok(mut socket) = Socket::open(way, path, cookie).await else { return Ok(None) };
        let position =
            from.and_then(|told| Some(format!(r#","epoch":"{}","offset":{}"#, told.epoch.as_ref()?, told.offset)));
        let join = format!(r#"{{"t":"join"{}}}"#, position.unwrap_or_default());
        if socket.say(&join).await.is_err() {
            return Ok(None);
        }
        let mut viewer = Self { socket, told: Told { offset: from.map_or(0, |told| told.offset), ..Told::default() } };
        while viewer.told.epoch.is_none() {
            if !viewer.hear().await {
                return Ok(None);
            }
        }
        Ok(Some(viewer))
    }

    /// False when the connection is over.
    async fn hear(&mut self) -> bool {
        let Self { socket, told } = self;
        socket.hear(|heard| read(&heard, told)).await.is_ok() && !told.closed
    }

    /// Says something on the state lane, and waits until it is told.
    async fn announce(&mut self, text: &str) -> Result<(), Spoiled> {
        let before = self.told.offset;
        let word = format!(r#"{{"t":"announce","ref":"{text}","text":"{text}"}}"#);
        self.socket.say(&word).await.map_err(|_| Spoiled::Closed(1006))?;
        while self.told.offset <= before {
            if !self.hear().await {
                return Err(Spoiled::Closed(1006));
            }
        }
        Ok(())
    }
}

/// Runs it; the process that leads is gone afterwards.
///
/// # Errors
/// The rooms could not be entered, nobody took over within a minute, or the process could not be killed.
pub(crate) async fn run(asked: &Failover) -> Result<Survived, Spoiled> {
    let (mut desk, staff) = asked.leads.desk().await?;
    let viewer = ask(&mut desk, "POST", "/api/v1/viewer", "", Some(&serde_json::json!({}))).await?.cookies.join("; ");
    let (cookie, path) = (format!("{viewer}; {staff}"), format!("/api/v1/shows/{}/room", asked.show));
    let refused = Spoiled::Nothing("the room cannot be entered");
    let mut here = Viewer::join(&asked.leads.host, &path, &cookie, None).await?.ok_or(refused)?;
    here.announce("before").await?;
    // The other is up, and says that the room is led elsewhere.
    if Viewer::join(&asked.other, &path, &cookie, None).await?.is_some() {
        return Err(Spoiled::Nothing("both processes lead the room: they are not on one database"));
    }
    let last_before = here.told.offset;
    let killed = Command::new("kill").args(["-KILL", &asked.pid.to_string()]).status();
    if !killed.is_ok_and(|status| status.success()) {
        return Err(Spoiled::Nothing("the leader could not be killed"));
    }
    let began = Instant::now();
    let over = async {
        let mut refused = 0;
        let mut there = loop {
            match Viewer::join(&asked.other, &path, &cookie, Some(&here.told)).await? {
                Some(viewer) => break viewer,
                None => {
                    refused += 1;
                    sleep(AGAIN).await;
                }
            }
        };
        there.announce("after").await?;
        let (took_ms, first_after) = (began.elapsed().as_secs_f64() * 1e3, there.told.offset);
        Ok(Survived { took_ms, refused, last_before, first_after, resumed: there.told.resumed })
    };
    timeout(PATIENCE, over).await.unwrap_or(Err(Spoiled::Nothing("nobody took over within a minute")))
}

#[test]
fn what_a_frame_says() {
    let mut told = Told::default();
    for frame in [
        r#"{"t":"hello","epoch":"e","resumed":false,"snapshot":{"offset":7}}"#,
        r#"{"t":"frame","from":8,"to":9,"events":[]}"#,
        r#"{"t":"frame","from":10,"to":9,"events":[]}"#,
    ] {
        read(&Heard::Text(frame.as_bytes()), &mut told);
    }
    assert_eq!((told.epoch.as_deref(), told.offset, told.resumed, told.closed), (Some("e"), 9, false, false));
    read(&Heard::Closed(4529), &mut told);
    assert!(told.closed);
}
