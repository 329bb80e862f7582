//! Broadcasters: the shows that encoders push into, and the moment at which the first part of one can be played. The
//! encoder itself is ffmpeg, started by whoever measures.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::client::{Client, Request};
use crate::house::{House, Spoiled, ask, text};
use crate::shows::Shop;

/// The playlist is asked for this often: the error of the figure.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A show that waits for its encoder.
#[derive(Debug, Serialize)]
pub struct Waiting {
    /// Its id.
    pub show: String,
    /// `rtmp://…/key`.
    pub ingest: String,
}

/// Plans so many shows, ≤ 100, and puts each into rehearsal, so that its programme exists.
pub async fn plan(house: &House, count: u32) -> Result<Vec<Waiting>, Spoiled> {
    let (mut client, cookie) = house.desk().await?;
    let shop = Shop::ask(&mut client, cookie).await?;
    let mut waiting = Vec::with_capacity(count as usize);
    for number in 1..=count as usize {
        let show = shop.plan(&mut client, number).await?;
        let cookie = &shop.cookie;
        let path = |deed: &str| format!("/api/v1/shows/{show}/{deed}");
        ask(&mut client, "POST", &path("rehearse"), cookie, Some(&json!({}))).await?;
        let key = ask(&mut client, "GET", &path("stream-key"), cookie, None).await?.json();
        waiting.push(Waiting { ingest: format!("{}/{}", text(&key, "rtmp_url"), text(&key, "stream_key")), show });
    }
    Ok(waiting)
}

/// Waits until a part of the show's programme is listed and can be fetched; returns how long that took.
pub async fn first_part(house: &House, show: &str, patience: Duration) -> Result<Duration, Spoiled> {
    let began = Instant::now();
    let (mut client, cookie) = house.desk().await?;
    while began.elapsed() < patience {
        let studio = format!("/api/v1/studio/shows/{show}");
        let view = ask(&mut client, "GET", &studio, &cookie, None).await?.json();
        let master = text(&view["playback"], "hls");
        if let Some((folder, _)) = master.rsplit_once('/')
            && let Some(part) = listed_part(&mut client, folder).await?
            && get(&mut client, &format!("{folder}/{part}")).await?.is_some()
        {
            return Ok(began.elapsed());
        }
        sleep(LOOK_EVERY).await;
    }
    Err(Spoiled::Nothing("no part could be played in time"))
}

async fn listed_part(client: &mut Client, folder: &str) -> Result<Option<String>, Spoiled> {
    let playlist = get(client, &format!("{folder}/live.m3u8")).await?.unwrap_or_default();
    Ok(first_part_in(&String::from_utf8_lossy(&playlist)))
}

/// The address of the first `#EXT-X-PART` of a playlist.
fn first_part_in(playlist: &str) -> Option<String> {
    let part = playlist.lines().find(|line| line.starts_with("#EXT-X-PART:"))?;
    Some(part.split_once("URI=\"")?.1.split('"').next()?.to_owned())
}

/// The body, if the answer is 200.
async fn get(client: &mut Client, path: &str) -> Result<Option<Vec<u8>>, Spoiled> {
    let request = Request { method: "GET", path, cookie: "", idempotency_key: "", body: None };
    let answer = client.send(request).await?;
    Ok((answer.status == 200).then_some(answer.body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(playlist: &str, expected: Option<&str>) {
        assert_eq!(first_part_in(playlist).as_deref(), expected, "{playlist}");
    }

    #[test]
    fn the_first_part_is_found() {
        check("#EXTM3U\n#EXT-X-PART-INF:PART-TARGET=0.5\n", None);
        check("#EXT-X-PART:DURATION=0.5,URI=\"part-0-0.m4s\",INDEPENDENT=YES\n#EXT-X-PART:", Some("part-0-0.m4s"));
        check("#EXT-X-PART:DURATION=0.5", None);
    }
}
