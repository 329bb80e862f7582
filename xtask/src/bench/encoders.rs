//! Encoders that push by RTMP: ffmpeg sending a prepared recording as fast as it plays, without encoding.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::shell::{Doing, Outcome, cache, command, fail, run};

const VIDEO: &str = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 60 -bf 0 -x264-params nal-hrd=cbr";
const AUDIO: &str = "-c:a aac -ac 2";

/// Thirty seconds of a vertical broadcast of so many kb/s of picture and of sound, made once on this machine.
pub(crate) fn recording(picture: u32, sound: u32) -> Outcome<PathBuf> {
    let file = cache()?.join(format!("bench/air-{}k.flv", picture + sound));
    if file.exists() {
        return Ok(file);
    }
    fs::create_dir_all(cache()?.join("bench")).doing("create the cache")?;
    let made = file.with_extension("part.flv");
    let mut ffmpeg = command("ffmpeg", &["-hide_banner", "-loglevel", "error", "-y", "-t", "30"]);
    ffmpeg.args(["-f", "lavfi", "-i", "testsrc2=size=720x1280:rate=30", "-t", "30"]);
    ffmpeg.args(["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"]);
    let rate = format!("-b:v {picture}k -minrate {picture}k -maxrate {picture}k -bufsize {picture}k -b:a {sound}k");
    run(ffmpeg.args([VIDEO, &rate, AUDIO].join(" ").split_whitespace()).arg(&made))?;
    fs::rename(&made, &file).doing("keep the recording")?;
    Ok(file)
}

/// Encoders on air; they stop when dropped.
#[derive(Debug)]
pub(crate) struct Encoders(Vec<Child>);

impl Encoders {
    /// One for each address.
    pub(crate) fn start(recording: &Path, addresses: &[String]) -> Outcome<Self> {
        let mut encoders = Encoders(Vec::new());
        for address in addresses {
            let mut ffmpeg = push(recording, address, "error");
            encoders.0.push(ffmpeg.spawn().doing("start ffmpeg")?);
        }
        Ok(encoders)
    }

    /// One, and the moment at which it asked to publish: the answer comes a loopback round trip later.
    pub(crate) fn start_one(recording: &Path, address: &str) -> Outcome<(Self, Instant)> {
        let mut child = push(recording, address, "debug").stderr(Stdio::piped()).spawn().doing("start ffmpeg")?;
        let stderr = child.stderr.take();
        let encoders = Encoders(vec![child]);
        let (send, asked) = channel();
        std::thread::spawn(move || {
            for line in stderr.into_iter().flat_map(|stderr| BufReader::new(stderr).lines()).map_while(Result::ok) {
                if line.contains("Sending publish command") {
                    // Nobody listens once the figure was taken; ffmpeg is read on all the same, so that it never blocks.
                    let _ = send.send(Instant::now());
                }
            }
        });
        match asked.recv_timeout(Duration::from_secs(20)) {
            Ok(at) => Ok((encoders, at)),
            Err(_) => fail("ffmpeg did not get as far as publishing", "see whether the RTMP port answers"),
        }
    }

    /// Fails if one has ended, since the others alone are not the load that was asked for.
    pub(crate) fn all_on_air(&mut self) -> Outcome {
        let mut ended = 0;
        for encoder in &mut self.0 {
            ended += usize::from(encoder.try_wait().doing("look at ffmpeg")?.is_some());
        }
        let all = self.0.len();
        if ended == 0 {
            Ok(())
        } else {
            fail(format!("{ended} of {all} encoders were put off the air"), "read their output above")
        }
    }
}

impl Drop for Encoders {
    fn drop(&mut self) {
        for encoder in &mut self.0 {
            // Both fail only when it has ended already.
            let _ = encoder.kill();
            let _ = encoder.wait();
        }
    }
}

fn push(recording: &Path, address: &str, log: &str) -> Command {
    let mut ffmpeg =
        command("ffmpeg", &["-hide_banner", "-nostats", "-loglevel", log, "-re", "-stream_loop", "-1", "-i"]);
    ffmpeg.arg(recording).args(["-c", "copy", "-f", "flv", address]).stdin(Stdio::null()).stdout(Stdio::null());
    ffmpeg
}
