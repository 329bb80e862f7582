//! A house that a chore starts: the binary as a child process, known to be ready by the line that it prints, and stopped
//! when dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::shell::{Doing, Outcome, command, fail, stop};

/// What stands before the JSON of the one line that says the house answers.
const MARKER: &str = "ready ";

/// How long a house may take to drain before it is killed.
const DRAIN: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct House {
    child: Child,
    /// The JSON of the ready line: addresses, the demo's show, staff sign-ins.
    pub(crate) ready: Value,
    /// From the start of the process to its ready line.
    pub(crate) took: Duration,
}

/// A command of the binary on free ports and the data folder `data`.
pub(crate) fn trunkshow(binary: &Path, verb: &str, data: &Path) -> Command {
    let mut command =
        command(binary, &[verb, "--http", "127.0.0.1:0", "--rtmp", "127.0.0.1:0", "--webrtc", "127.0.0.1:0", "--data"]);
    command.arg(data);
    command
}

impl House {
    /// Starts it and waits for the ready line; what it says to people until then is passed on.
    pub(crate) fn start(mut command: Command, patience: Duration) -> Outcome<Self> {
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().doing("start the house")?;
        let Some(stdout) = child.stdout.take() else { return fail("the house has no standard output", "") };
        let (send, lines) = channel();
        // Reads on after the ready line, so that the house never blocks on a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                match line.strip_prefix(MARKER) {
                    Some(json) => drop(send.send((json.to_owned(), Instant::now()))),
                    // Beside the chore's own output, which may be figures for a program.
                    None => eprintln!("   │ {line}"),
                }
            }
        });
        let (json, at) = match lines.recv_timeout(patience) {
            Ok(line) => line,
            Err(reason) => {
                stop(&mut child, "TERM", DRAIN);
                return match reason {
                    RecvTimeoutError::Timeout => {
                        fail(format!("the house was not ready in {patience:?}"), "read its log above")
                    }
                    RecvTimeoutError::Disconnected => fail("the house ended before it was ready", "read its log above"),
                };
            }
        };
        let ready = serde_json::from_str(&json).doing(format!("read the ready line `{json}`"));
        match ready {
            Ok(ready) => Ok(House { child, ready, took: at - began }),
            Err(failure) => {
                stop(&mut child, "TERM", DRAIN);
                Err(failure)
            }
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would, whatever it is doing.
    pub(crate) fn kill(mut self) -> Outcome {
        self.child.kill().and_then(|()| self.child.wait()).doing("kill the house").map(drop)
    }

    /// A text of the ready line.
    pub(crate) fn text(&self, key: &str) -> Outcome<&str> {
        match self.ready[key].as_str() {
            Some(text) => Ok(text),
            None => fail(format!("the ready line names no `{key}`: {}", self.ready), "it is written in trunkshow"),
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        stop(&mut self.child, "TERM", DRAIN);
    }
}
