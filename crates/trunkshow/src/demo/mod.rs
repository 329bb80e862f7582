//! `trunkshow demo`: a furnished boutique on air, with people in its room.

mod broadcast;
mod caller;
mod furnish;
mod furniture;
mod room_life;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::broadcast::Camera;
use self::caller::{Caller, DemoError, text};
use self::furnish::{Furnished, bring_up_to_date, furnish, sign_in};
use self::furniture::{Boutique, ShowState};
use self::room_life::Room;
use crate::serve::House;

/// The camera looks at so many products of the run sheet.
const PRODUCTS_FILMED: usize = 5;
/// Polls of the house while the first pictures arrive: every 200 ms, for a minute.
const LOOKS: u32 = 300;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
const NO_FFMPEG: &str =
    "ffmpeg is not installed, so the show has no picture. Install it with:  sudo apt-get install -y ffmpeg";

/// The demo's moving parts, which end with [`Demo::stop`].
#[derive(Debug)]
pub(crate) struct Demo {
    stop: CancellationToken,
    parts: TaskTracker,
}

impl Demo {
    pub(crate) fn new() -> Self {
        Self { stop: CancellationToken::new(), parts: TaskTracker::new() }
    }

    /// Furnishes `data` if that was not done before, goes on air unless `broadcast` is false, and prints the addresses and
    /// the ready line.
    pub(crate) async fn open(&self, house: &House, data: &Path, broadcast: bool) -> Result<(), DemoError> {
        let boutique = Boutique::built_in()?;
        let url = house.inner_url.clone();
        let rtmp = house.rtmp_url.clone();
        let furnished = furnished(house, data, &boutique, &url).await?;
        if broadcast {
            self.go_on_air(data, &boutique, &url, &rtmp, &furnished).await?;
        }
        announce(&boutique, &house.url, &rtmp, &furnished);
        Ok(())
    }

    /// Ends the broadcast and the visitors, then returns.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.parts.close();
        self.parts.wait().await;
    }

    async fn go_on_air(
        &self,
        data: &Path,
        boutique: &Boutique,
        url: &str,
        rtmp: &str,
        furnished: &Furnished,
    ) -> Result<(), DemoError> {
        let show = &furnished.show;
        let host = sign_in(url, boutique, "host").await?;
        let owner = sign_in(url, boutique, "owner").await?;
        let began = match Camera::find().await {
            None => {
                println!("{NO_FFMPEG}");
                None
            }
            Some(camera) => {
                println!("── filming the broadcast (once; half a minute)");
                let (pictures, _) = filmed(boutique, furnished);
                let film = camera.film(&data.join("broadcast"), &boutique.house.name, &pictures).await?;
                let path = format!("/shows/{show}/stream-key");
                let key = text(&owner.get(&path).await?, &path, "stream_key")?;
                let target = format!("{rtmp}/{key}");
                let stop = self.stop.clone();
                self.parts.spawn(async move { camera.send(film, target, stop).await });
                Some(Instant::now())
            }
        };
        if began.is_some() {
            look_until(&owner, &format!("/studio/shows/{show}"), |studio| studio["publishing"] == json!(true)).await?;
        }
        let studio = owner.get(&format!("/studio/shows/{show}")).await?;
        if studio["lifecycle"] != json!("live") {
            owner.post(&format!("/shows/{show}/go-live"), &json!({})).await?;
        }
        if began.is_some() {
            let seen = owner.get(&format!("/shows/{show}")).await?;
            let playlist = text(&seen["playback"], "/shows", "hls")?;
            plays(&owner, &playlist).await?;
        }
        self.people_come(boutique, url, furnished, host, began.unwrap_or_else(Instant::now));
        Ok(())
    }

    fn people_come(&self, boutique: &Boutique, url: &str, furnished: &Furnished, host: Caller, began: Instant) {
        let room =
            Room { url: url.to_owned(), show: furnished.show.clone(), pinned: Arc::default(), stop: self.stop.clone() };
        let (_, numbers) = filmed(boutique, furnished);
        if !numbers.is_empty() {
            self.parts.spawn(room.clone().host(host, numbers, began));
        }
        let mut names: Vec<&String> = boutique.chat.iter().map(|line| &line.name).collect();
        names.sort();
        names.dedup();
        for (seed, name) in (1..).zip(names) {
            let lines = boutique.chat.iter().filter(|line| line.name == *name).cloned().collect();
            self.parts.spawn(room.clone().viewer(name.clone(), lines, seed));
        }
    }
}

/// The pictures of the film, two for each product, and the products' show numbers.
fn filmed(boutique: &Boutique, furnished: &Furnished) -> (Vec<String>, Vec<u32>) {
    let sheet = boutique.shows.iter().find(|show| show.state == ShowState::Live).map(|show| &show.run_sheet);
    let products = sheet.into_iter().flatten().take(PRODUCTS_FILMED);
    products
        .filter_map(|entry| {
            let product = boutique.products.iter().find(|product| product.key == entry.product)?;
            let first = product.pictures.first()?.clone();
            let second = product.pictures.get(1).unwrap_or(&first).clone();
            Some(([first, second], *furnished.numbers.get(&entry.product)?))
        })
        .fold((vec![], vec![]), |(mut pictures, mut numbers), (pair, number)| {
            pictures.extend(pair);
            numbers.push(number);
            (pictures, numbers)
        })
}

/// Furnishes the folder, or reads what an earlier start furnished.
async fn furnished(house: &House, data: &Path, boutique: &Boutique, url: &str) -> Result<Furnished, DemoError> {
    let note = data.join("demo.json");
    let trouble = |error| DemoError::File(note.display().to_string(), error);
    if note.exists() {
        let text = tokio::fs::read(&note).await.map_err(trouble)?;
        let mut known: Furnished =
            serde_json::from_slice(&text).map_err(|error| DemoError::Said(format!("{}: {error}", note.display())))?;
        let owner = sign_in(url, boutique, "owner").await?;
        bring_up_to_date(&owner, &mut known, house.app.now()).await?;
        keep(&note, &known).await?;
        return Ok(known);
    }
    println!("── furnishing {}", data.display());
    let done = furnish(&house.app, url, boutique).await.map_err(|error| {
        let folder = data.display();
        DemoError::Said(format!(
            "{error}\nThe house in {folder} is half furnished: remove that folder, or name another with --data"
        ))
    })?;
    keep(&note, &done).await?;
    Ok(done)
}

async fn keep(note: &Path, furnished: &Furnished) -> Result<(), DemoError> {
    let text = serde_json::to_vec_pretty(furnished).map_err(|error| DemoError::Said(error.to_string()))?;
    tokio::fs::write(note, text).await.map_err(|error| DemoError::File(note.display().to_string(), error))
}

async fn look_until(caller: &Caller, path: &str, there: impl Fn(&Value) -> bool) -> Result<(), DemoError> {
    for _ in 0..LOOKS {
        if there(&caller.get(path).await?) {
            return Ok(());
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Err(DemoError::Said("the broadcast did not arrive within a minute; the log above says why".into()))
}

/// Waits until a viewer's player would find the programme.
async fn plays(caller: &Caller, playlist: &str) -> Result<(), DemoError> {
    for _ in 0..LOOKS {
        if caller.serves(playlist).await {
            return Ok(());
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Err(DemoError::Said("the programme did not become playable within a minute; the log above says why".into()))
}

fn announce(boutique: &Boutique, url: &str, rtmp: &str, furnished: &Furnished) {
    println!("\n{} is open.\n", boutique.house.name);
    println!("   watch     {url}/shows/{}", furnished.show);
    println!("   shop      {url}/");
    println!("   studio    {url}/studio/shows/{}/desk", furnished.show);
    println!("   office    {url}/office\n");
    let mut staff = vec![];
    for person in &boutique.staff {
        println!("   {:<11} {:<28} {}", person.role, person.email, person.password);
        staff.push(json!({ "role": person.role, "email": person.email, "password": person.password }));
    }
    println!("\nCtrl-C ends it.");
    let ready = json!({
        "url": url, "rtmp": rtmp, "setup": null,
        "show": furnished.show, "scheduled": furnished.scheduled, "product": furnished.product,
        "order": furnished.order, "order_key": furnished.order_key, "staff": staff,
    });
    println!("ready {ready}");
}
