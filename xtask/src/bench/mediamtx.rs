//! mediamtx beside the house, where it is on PATH: in no package registry, so nobody installs it here.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::postgres::free_port;
use crate::shell::{Doing, Outcome, cache, fail, stop, which};

/// A running server with ports of its own; stopped when dropped.
#[derive(Debug)]
pub(super) struct MediaMtx {
    child: Child,
    rtmp: u16,
    hls: u16,
    webrtc: u16,
}

impl Drop for MediaMtx {
    fn drop(&mut self) {
        stop(&mut self.child, "TERM", Duration::from_secs(5));
    }
}

impl MediaMtx {
    pub(super) fn program() -> Outcome<PathBuf> {
        match which("mediamtx") {
            Some(program) => Ok(program),
            None => fail("mediamtx is not on PATH", "install it by hand to compare; it is in no package registry"),
        }
    }

    /// Starts it by a command that names the program, remuxing each stream to low-latency HLS all the time.
    pub(super) fn start(command: &mut Command) -> Outcome<Self> {
        let [rtmp, hls, webrtc, udp] = [free_port()?, free_port()?, free_port()?, free_port()?];
        let at = |port: u16| format!("127.0.0.1:{port}");
        command
            .env("MTX_RTMPADDRESS", at(rtmp))
            .env("MTX_HLSADDRESS", at(hls))
            .env("MTX_HLSALWAYSREMUX", "yes")
            .env("MTX_HLSVARIANT", "lowLatency")
            .env("MTX_HLSPARTDURATION", "500ms")
            .env("MTX_HLSSEGMENTDURATION", "2s")
            .env("MTX_WEBRTCADDRESS", at(webrtc))
            .env("MTX_WEBRTCLOCALUDPADDRESS", at(udp))
            .env("MTX_WEBRTCIPSFROMINTERFACES", "no")
            .env("MTX_WEBRTCADDITIONALHOSTS", "127.0.0.1")
            .env("MTX_RTSP", "no")
            .env("MTX_SRT", "no")
            .current_dir(cache()?)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let child = command.spawn().doing("start mediamtx")?;
        std::thread::sleep(Duration::from_secs(1));
        Ok(Self { child, rtmp, hls, webrtc })
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where encoders push to, before the stream's name.
    pub(super) fn rtmp(&self) -> String {
        format!("rtmp://127.0.0.1:{}", self.rtmp)
    }

    /// Host and path of offers to watch.
    pub(super) fn whep(&self, stream: &str) -> (String, String) {
        (format!("127.0.0.1:{}", self.webrtc), format!("/{stream}/whep"))
    }

    /// Host and path of the multivariant playlist.
    pub(super) fn hls(&self, stream: &str) -> (String, String) {
        (format!("127.0.0.1:{}", self.hls), format!("/{stream}/index.m3u8"))
    }
}
