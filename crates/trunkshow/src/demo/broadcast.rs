//! The demo's broadcast, made on the spot by ffmpeg: a slow camera over the goods, soft music and a running clock.
//!
//! The moving pictures and the music are made once into a loop; the clock is drawn, and the picture encoded, while it is
//! sent (a fifth of a core), so that the clock is the wall's.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use super::caller::DemoError;
use super::furniture;

/// How long one product is on screen: two moves of the camera.
pub(super) const SECONDS_PER_PRODUCT: u32 = 16;
const SECONDS_PER_MOVE: u32 = SECONDS_PER_PRODUCT / 2;
const FRAMES_PER_SECOND: u32 = 30;
/// A broadcast that ended by itself is started again after this long.
const PAUSE: Duration = Duration::from_secs(2);

/// The ffmpeg of this machine.
#[derive(Clone, Debug)]
pub(super) struct Camera {
    /// Whether it can write text over the picture.
    writes: bool,
}

impl Camera {
    /// None when there is no ffmpeg.
    pub(super) async fn find() -> Option<Self> {
        let filters =
            Command::new("ffmpeg").args(["-hide_banner", "-filters"]).stdin(Stdio::null()).output().await.ok()?;
        Some(Self { writes: String::from_utf8_lossy(&filters.stdout).contains(" drawtext ") })
    }

    /// Makes the loop in `folder` unless it is there: each product in two moves. `pictures` holds two names for each.
    pub(super) async fn film(&self, folder: &Path, title: &str, pictures: &[String]) -> Result<PathBuf, DemoError> {
        let film = folder.join("broadcast.mp4");
        if film.exists() {
            return Ok(film);
        }
        let trouble = |path: &Path, error| DemoError::File(path.display().to_string(), error);
        tokio::fs::create_dir_all(folder).await.map_err(|error| trouble(folder, error))?;
        let mut command = Command::new("ffmpeg");
        command.args(["-hide_banner", "-loglevel", "error", "-y"]);
        for name in pictures {
            let path = folder.join(format!("{name}.webp"));
            let bytes =
                furniture::picture(name).ok_or_else(|| DemoError::Said(format!("there is no picture {name}")))?;
            tokio::fs::write(&path, bytes).await.map_err(|error| trouble(&path, error))?;
            command.arg("-i").arg(path);
        }
        let draft = folder.join("broadcast.part.mp4");
        let seconds = (pictures.len() as u32 * SECONDS_PER_MOVE).to_string();
        command
            .args([
                "-filter_complex",
                &self.script(title, pictures.len()),
                "-map",
                "[v]",
                "-map",
                "[a]",
                "-t",
                &seconds,
            ])
            .args(["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "5000k", "-pix_fmt", "yuv420p", "-g", "60"])
            .args(["-c:a", "aac", "-b:a", "128k", "-ar", "48000"])
            .arg(&draft);
        let made = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| DemoError::File("ffmpeg".into(), error))?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr).trim().to_owned();
            return Err(DemoError::Said(format!("ffmpeg could not make the broadcast: {said}")));
        }
        tokio::fs::rename(&draft, &film).await.map_err(|error| trouble(&film, error))?;
        Ok(film)
    }

    /// The filters: each picture laid on a tall sheet of its own paper, a slow push or pull with a drift, soft fades
    /// between, the title; then the music.
    fn script(&self, title: &str, pictures: usize) -> String {
        let frames = (SECONDS_PER_MOVE + 1) * FRAMES_PER_SECOND;
        let mut script = String::new();
        for i in 0..pictures {
            let zoom = if i % 2 == 0 { format!("1+0.10*on/{frames}") } else { format!("1.10-0.10*on/{frames}") };
            script += &format!(
                "[{i}:v]scale=1152:1440,pad=1152:2048:0:304,fillborders=left=0:right=0:top=306:bottom=306:mode=smear,\
                 zoompan=z='{zoom}':x='(iw-iw/zoom)*(0.5+0.3*sin(on/{frames}*2-1))':y='(ih-ih/zoom)*0.5':d={frames}:\
                 s=720x1280:fps={FRAMES_PER_SECOND},format=yuv420p,setsar=1[move{i}];"
            );
        }
        let mut last = "move0".to_owned();
        for i in 1..pictures {
            let at = i as u32 * SECONDS_PER_MOVE;
            script += &format!("[{last}][move{i}]xfade=transition=fade:duration=1:offset={at}[fade{i}];");
            last = format!("fade{i}");
        }
        let lettered: String =
            title.to_uppercase().chars().flat_map(|c| [c, ' ']).filter(|c| c.is_alphanumeric() || *c == ' ').collect();
        let lettering = if self.writes {
            format!("drawtext=font=serif:text='{}':fontcolor=0x2A211A:fontsize=26:x=(w-tw)/2:y=118", lettered.trim())
        } else {
            "null".to_owned()
        };
        script += &format!("[{last}]{lettering}[v];{}", music(pictures as u32 * SECONDS_PER_MOVE));
        script
    }

    /// Sends the loop to `target` until `stop`, and again whenever the sending ends by itself.
    pub(super) async fn send(self, film: PathBuf, target: String, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let mut command = Command::new("ffmpeg");
            command.args(["-hide_banner", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i"]).arg(&film);
            if self.writes {
                command
                    .args(["-vf", CLOCK])
                    .args(["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"])
                    .args(["-b:v", "1800k", "-maxrate", "2000k", "-bufsize", "2000k", "-g", "30"]);
            } else {
                command.args(["-c:v", "copy"]);
            }
            command.args(["-c:a", "copy", "-f", "flv", &target]);
            let child =
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn();
            let ended = async {
                match child {
                    Ok(child) => {
                        child.wait_with_output().await.map(|out| String::from_utf8_lossy(&out.stderr).trim().to_owned())
                    }
                    Err(error) => Err(error),
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                said = ended => tracing::warn!(said = said.unwrap_or_else(|error| error.to_string()), "the broadcast ended; again"),
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// The wall's time, below the title.
const CLOCK: &str = r"drawtext=font=monospace:text='%{localtime\:%H\\\:%M\\\:%S}':fontcolor=0x2A211A:fontsize=40:x=(w-tw)/2:y=164:box=1:boxcolor=0xFAF8F5@0.75:boxborderw=10";

/// Four chords of four seconds, held softly, with a plucked figure above; repeated for `seconds`.
fn music(seconds: u32) -> String {
    let voice = |notes: [f32; 4]| {
        let [a, b, c, d] = notes;
        format!("if(eq(ld(1),0),{a},if(eq(ld(1),1),{b},if(eq(ld(1),2),{c},{d})))")
    };
    let low = voice([174.61, 220.0, 130.81, 196.0]);
    let middle = voice([220.0, 261.63, 196.0, 246.94]);
    let high = voice([261.63, 329.63, 246.94, 293.66]);
    let sound = [
        "st(1,floor(t/4));st(2,mod(t,4));st(3,min(1,ld(2)/0.9)*min(1,(4-ld(2))/0.9))".to_owned(),
        "st(4,mod(t,0.25));st(5,floor(mod(t,1)/0.25))".to_owned(),
        format!("st(6,{low});st(7,{middle});st(8,{high})"),
        "st(9,2*if(eq(ld(5),0),ld(6),if(eq(ld(5),2),ld(8),ld(7))))".to_owned(),
        "0.2*ld(3)*(sin(2*PI*ld(6)*t)+0.8*sin(2*PI*ld(7)*t)+0.7*sin(2*PI*ld(8)*t)+0.4*sin(PI*ld(6)*t))\
         +0.16*ld(3)*min(1,ld(4)/0.012)*exp(-9*ld(4))*(sin(2*PI*ld(9)*t)+0.3*sin(4*PI*ld(9)*t))"
            .to_owned(),
    ]
    .join(";");
    let again = seconds.div_ceil(16).saturating_sub(1);
    format!(
        "aevalsrc=exprs='{sound}':s=48000:d=16,aecho=0.8:0.6:90|180|270:0.3|0.2|0.12,lowpass=f=3800,\
         aloop=loop={again}:size=768000,aformat=channel_layouts=stereo[a]"
    )
}
