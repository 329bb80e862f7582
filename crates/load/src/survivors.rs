//! Survivors: buyers whose house is killed under them. They claim in a drop and check out until the connection breaks; what they
//! were told, and what they asked without being answered, goes into a file. The next run first holds the house to that file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::buyers;
use crate::claimers;
use crate::client::{Client, Request};
use crate::house::{House, Spoiled, ask, text};

/// Buyers at once.
const AT_ONCE: usize = 16;
/// Nobody kills the house: the run ends by itself.
const AT_MOST: Duration = Duration::from_secs(30);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pieces in the drop, and of each variant: more than all runs take.
const PIECES: usize = 1_000_000;

/// What is run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Where; its staff may plan drops and set stock.
    pub house: House,
    /// The show whose first product the drop is of.
    pub show: String,
    /// What the run before was told; written anew.
    pub told: PathBuf,
    /// Nobody presses any more: the house is only held to what it said.
    pub only_look: bool,
}

/// What was seen.
#[derive(Debug, Default, Serialize)]
pub struct Seen {
    /// Claims and orders of the run before, that were acknowledged and stand.
    pub stood: usize,
    /// Asked without an answer: done once when asked again.
    pub asked_again: usize,
    /// Acknowledged in this run.
    pub claims: usize,
    pub orders: usize,
    /// Not answered in this run.
    pub cut: usize,
    /// Other answers, by status and code.
    pub others: BTreeMap<String, usize>,
    /// What is not as it was told. Must be empty.
    pub lost: Vec<String>,
}

/// One request, with everything it takes to ask it again.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Pressed {
    cookie: String,
    path: String,
    key: String,
    body: Value,
    /// The answer, if there was one.
    told: Option<Value>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Evening {
    drop: String,
    variants: Vec<String>,
    pressed: Vec<Pressed>,
}

/// Looks after what was told, then presses until the house is gone.
///
/// # Errors
/// The house refused the preparation, or the file cannot be read or written.
pub async fn run(run: &Run) -> Result<Seen, Spoiled> {
    let mut seen = Seen::default();
    let before = fs::read(&run.told).ok().and_then(|bytes| serde_json::from_slice::<Evening>(&bytes).ok());
    let evening = match before {
        Some(mut evening) => {
            hold(run, std::mem::take(&mut evening.pressed), &mut seen).await?;
            evening
        }
        None => prepare(run).await?,
    };
    let mut pressed = Vec::new();
    if !run.only_look {
        // Whoever kills the house waits for this line.
        eprintln!("pressing");
        pressed = press(run, &evening).await;
    }
    for press in &pressed {
        match (&press.told, press.is_claim()) {
            (None, _) => seen.cut += 1,
            (Some(told), _) if told["code"].is_string() => *seen.others.entry(text(told, "code")).or_default() += 1,
            (Some(_), true) => seen.claims += 1,
            (Some(_), false) => seen.orders += 1,
        }
    }
    write(run, &Evening { pressed, ..evening })?;
    Ok(seen)
}

async fn prepare(run: &Run) -> Result<Evening, Spoiled> {
    let variants = buyers::stock(&run.house, PIECES).await?;
    let (mut desk, staff) = run.house.desk().await?;
    let drop = claimers::open_drop(&mut desk, &staff, &run.show, PIECES).await?;
    Ok(Evening { drop, variants, pressed: Vec::new() })
}

fn write(run: &Run, evening: &Evening) -> Result<(), Spoiled> {
    let file = File::create(&run.told).map_err(|_| Spoiled::Nothing("the file of what was told cannot be made"))?;
    let mut file = BufWriter::new(file);
    let written = serde_json::to_writer(&mut file, evening).is_ok() && file.flush().is_ok();
    if written { Ok(()) } else { Err(Spoiled::Nothing("the file of what was told cannot be written")) }
}

/// Buyers press, each as somebody new, until nobody answers.
async fn press(run: &Run, evening: &Evening) -> Vec<Pressed> {
    let next = Arc::new(AtomicUsize::new(0));
    let until = Instant::now() + AT_MOST;
    let mut buyers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (mut client, next) = (run.house.visit(), Arc::clone(&next));
        let (drop, variants) = (evening.drop.clone(), evening.variants.clone());
        buyers.spawn(async move {
            let mut pressed = Vec::new();
            while Instant::now() < until {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Ok(mut press) = wish(&mut client, number, &drop, &variants).await else { return pressed };
                press.told = say(&mut client, &press).await;
                let over = press.told.is_none();
                pressed.push(press);
                if over {
                    return pressed;
                }
            }
            pressed
        });
    }
    buyers.join_all().await.concat()
}

/// Somebody new who wants a piece of the drop, or has a basket.
async fn wish(client: &mut Client, number: usize, drop: &str, variants: &[String]) -> Result<Pressed, Spoiled> {
    if number % 2 == 1 {
        let filled = buyers::fill_one(client, number, &variants[number % variants.len()]).await?;
        let (path, key) = ("/api/v1/checkouts".to_owned(), filled.key);
        return Ok(Pressed { cookie: filled.cookie, path, key, body: filled.checkout, told: None });
    }
    let cookie = ask(client, "POST", "/api/v1/viewer", "", None).await?.cookies.join("; ");
    let body = json!({ "quantity": 1, "currency": "EUR", "country": "FR" });
    Ok(Pressed { cookie, path: format!("/api/v1/drops/{drop}/claims"), key: "press".to_owned(), body, told: None })
}

/// The answer's body; none where there was no answer.
async fn say(client: &mut Client, press: &Pressed) -> Option<Value> {
    let Pressed { cookie, path, key, body, .. } = press;
    let request = Request { method: "POST", path, cookie, idempotency_key: key, body: Some(body) };
    timeout(PATIENCE, client.send(request)).await.ok()?.ok().map(|answer| answer.json())
}

/// Everything that was acknowledged stands, once; what was not answered is done once when it is asked again.
async fn hold(run: &Run, pressed: Vec<Pressed>, seen: &mut Seen) -> Result<(), Spoiled> {
    let mut client = run.house.visit();
    for press in pressed {
        if press.told.as_ref().is_some_and(|told| told["code"].is_string()) {
            continue;
        }
        let again =
            say(&mut client, &press).await.ok_or(Spoiled::Nothing("the house is gone before it was looked at"))?;
        let id = press.id(&again);
        let same = press.told.as_ref().is_none_or(|told| press.id(told) == id);
        let there = if press.is_claim() {
            let tab = format!("/api/v1/shows/{}/tab", run.show);
            let tab = ask(&mut client, "GET", &tab, &press.cookie, None).await?.json();
            let claims: Vec<String> =
                tab["claims"].as_array().into_iter().flatten().map(|one| text(one, "id")).collect();
            claims == [id.clone()]
        } else {
            let order = format!("/api/v1/orders/{id}?key={}", text(&again, "order_key"));
            text(&ask(&mut client, "GET", &order, &press.cookie, None).await?.json(), "state") == "paid"
        };
        match (same && there, press.told.is_some()) {
            (true, true) => seen.stood += 1,
            (true, false) => seen.asked_again += 1,
            (false, _) => seen.lost.push(format!("{} {}: told {:?}, now {again}", press.path, press.key, press.told)),
        }
    }
    Ok(())
}

impl Pressed {
    fn is_claim(&self) -> bool {
        self.path.ends_with("/claims")
    }

    /// The id in an answer to it.
    fn id(&self, answer: &Value) -> String {
        if self.is_claim() { text(&answer["claim"], "id") } else { text(answer, "order_id") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_what_was_made() {
        let pressed = |path: &str| Pressed {
            cookie: String::new(),
            path: path.to_owned(),
            key: String::new(),
            body: Value::Null,
            told: None,
        };
        let answer = json!({ "claim": { "id": "c" }, "order_id": "o" });
        for (path, id) in [("/api/v1/drops/d/claims", "c"), ("/api/v1/checkouts", "o")] {
            assert_eq!(pressed(path).id(&answer), id, "{path}");
        }
    }
}
