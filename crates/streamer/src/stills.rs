//! The port `Stills`: ffmpeg as a helper process, one at a time, so that a show never waits for a seek bar.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::ports::{NoStill, Stills};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::Millis;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout;

const PROGRAM: &str = "ffmpeg";
/// Pictures that are being made or wait for it; one more is refused as busy.
const WAITING: usize = 16;
/// One picture; a helper that takes longer is ended.
const WITHIN: Duration = Duration::from_secs(10);
/// Bytes of one picture.
const PICTURE_BYTES: u64 = 4 << 20;
/// What it may say about its trouble, bytes.
const SAID_BYTES: u64 = 2_000;

/// Makes pictures with the ffmpeg of this machine.
#[derive(Debug)]
pub struct FfmpegStills {
    is_here: OnceCell<bool>,
    one: Semaphore,
    waiting: AtomicUsize,
}

/// A place among those that wait; dropping it makes room.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl FfmpegStills {
    /// Looks in the background whether there is an ffmpeg, so that a house's start does not wait for another process's;
    /// until it is seen, there is none to a page.
    pub fn find() -> Arc<Self> {
        let stills = Arc::new(Self { is_here: OnceCell::new(), one: Semaphore::new(1), waiting: AtomicUsize::new(0) });
        let looking = Arc::clone(&stills);
        tokio::spawn(async move { looking.is_here().await });
        stills
    }

    async fn is_here(&self) -> bool {
        let look = async || {
            let mut command = Command::new(PROGRAM);
            command.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().await.is_ok_and(|status| status.success())
        };
        *self.is_here.get_or_init(look).await
    }

    fn place(&self) -> Option<Place<'_>> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.waiting);
        (before < WAITING).then_some(place)
    }
}

#[async_trait]
impl Stills for FfmpegStills {
    fn can(&self) -> bool {
        self.is_here.get().copied().unwrap_or_default()
    }

    async fn still(&self, recording: Vec<Bytes>, at: Millis, height: u16) -> Result<Bytes, NoStill> {
        if !self.is_here().await {
            return Err(NoStill::NoHelper);
        }
        let _place = self.place().ok_or(NoStill::Busy)?;
        let _one = self.one.acquire().await.map_err(|_| NoStill::Busy)?;
        match timeout(WITHIN, picture(&recording, at, height)).await {
            Ok(Ok(picture)) => Ok(picture),
            Ok(Err(error)) => Err(NoStill::Unreadable(error.to_string())),
            Err(_) => Err(NoStill::Unreadable("it took too long".into())),
        }
    }
}

async fn picture(recording: &[Bytes], at: Millis, height: u16) -> std::io::Result<Bytes> {
    let (at, scale) = (format!("{}ms", at.0), format!("scale=-2:'min({height},ih)'"));
    let mut child = Command::new(PROGRAM)
        .args(["-v", "error", "-i", "pipe:0", "-ss", &at, "-frames:v", "1", "-an", "-vf", &scale])
        .args(["-threads", "1", "-q:v", "4", "-f", "mjpeg", "pipe:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut input), Some(output), Some(said)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(std::io::Error::other("it has no pipes"));
    };
    let (mut picture, mut trouble) = (Vec::new(), String::new());
    let write = async {
        for bytes in recording {
            // It hangs up as soon as it has its picture.
            if input.write_all(bytes).await.is_err() {
                break;
            }
        }
        drop(input);
    };
    let (mut output, mut said) = (output.take(PICTURE_BYTES), said.take(SAID_BYTES));
    let ((), read, _) = tokio::join!(write, output.read_to_end(&mut picture), said.read_to_string(&mut trouble));
    read?;
    child.wait().await?;
    // What it says beside a picture is of no use to anybody.
    if picture.is_empty() { Err(std::io::Error::other(trouble)) } else { Ok(picture.into()) }
}
