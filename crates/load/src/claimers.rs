//! Claimers: everybody wants the same drop. Each is a viewer of their own; all share a number of kept connections.
//!
//! In a closed loop each connection asks again as soon as it was answered. In a wave every claimer has a time at which
//! they press the button, and their waiting counts from then, whether a connection was free or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::client::{Client, Request};
use crate::house::{House, Spoiled, ask, text};
use crate::percentile::percentile_ms;

/// Viewers are minted over this many connections.
const MINTERS: usize = 32;
/// Who is told to come back later does so this often; then the answer counts as it is.
const RETRIES: usize = 60;

/// What is run.
#[derive(Debug, Clone)]
pub struct Rush {
    /// Where; its staff may plan drops and set stock.
    pub house: House,
    /// The show whose first product the drop is of.
    pub show: String,
    /// Different buyers, each wanting one piece, ≤ 200,000.
    pub claimers: usize,
    /// Kept connections, ≤ 8,192.
    pub connections: usize,
    /// Pieces in the drop.
    pub units: usize,
    /// All press within this; `None` for a closed loop.
    pub within: Option<Duration>,
}

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// Who got a claim.
    pub claimed: usize,
    /// What the house says left the drop: the same number.
    pub left_the_drop: i64,
    /// Other answers, by status and code.
    pub others: BTreeMap<String, usize>,
    /// Answers that said to come back later and were asked again.
    pub retried: usize,
    /// From the first press to the last answer.
    pub seconds: f64,
    /// Claims per second.
    pub claims_per_second: f64,
    /// Half of those who got one had it within this.
    pub p50_ms: f64,
    /// 95 of 100 of them.
    pub p95_ms: f64,
    /// 99 of 100 of them.
    pub p99_ms: f64,
    /// The longest that anybody waited for any answer.
    pub slowest_ms: f64,
}

struct Answered {
    outcome: String,
    waited: Duration,
    retried: usize,
}

const CLAIMED: &str = "claimed";

/// Plans, arms and fires a drop, then lets everybody claim.
pub async fn run(rush: &Rush) -> Result<Seen, Spoiled> {
    let viewers = Arc::new(mint(rush).await?);
    let (mut desk, staff) = rush.house.desk().await?;
    let drop = open_drop(&mut desk, &staff, &rush.show, rush.units).await?;
    let path: Arc<str> = format!("/api/v1/drops/{drop}/claims").into();
    let next = Arc::new(AtomicUsize::new(0));
    let mut claimers = JoinSet::new();
    let began = Instant::now();
    for _ in 0..rush.connections.min(rush.claimers) {
        let (viewers, next, path) = (Arc::clone(&viewers), Arc::clone(&next), Arc::clone(&path));
        let (mut client, every) = (rush.house.visit(), rush.within.map(|within| within / rush.claimers as u32));
        claimers.spawn(async move {
            let mut answers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(cookie) = viewers.get(number) else { return answers };
                let pressed = match every {
                    Some(every) => began + every * number as u32,
                    None => Instant::now(),
                };
                tokio::time::sleep_until(pressed).await;
                answers.push(claim(&mut client, &path, cookie, number, pressed).await);
            }
        });
    }
    let answers = claimers.join_all().await.into_iter().flatten().collect();
    let mut seen = sum_up(answers, began.elapsed());
    seen.left_the_drop = left_the_drop(&mut desk, &staff, rush, &drop).await?;
    Ok(seen)
}

async fn claim(client: &mut Client, path: &str, cookie: &str, number: usize, pressed: Instant) -> Answered {
    let wish = json!({ "quantity": 1, "currency": "EUR", "country": "FR", "wait": true });
    let key = format!("press-{number}");
    let mut retried = 0;
    loop {
        let request = Request { method: "POST", path, cookie, idempotency_key: &key, body: Some(&wish) };
        let outcome = match client.send(request).await {
            Ok(answer) if answer.status == 429 && retried < RETRIES => {
                retried += 1;
                tokio::time::sleep(answer.retry_after.unwrap_or(Duration::from_secs(1))).await;
                continue;
            }
            Ok(answer) if answer.status == 201 => CLAIMED.to_owned(),
            Ok(answer) if answer.status == 202 => "waiting".to_owned(),
            Ok(answer) => format!("{} {}", answer.status, text(&answer.json(), "code")),
            Err(lost) => lost.to_string(),
        };
        return Answered { outcome, waited: pressed.elapsed(), retried };
    }
}

fn sum_up(answers: Vec<Answered>, took: Duration) -> Seen {
    let mut others = BTreeMap::new();
    let (mut times, mut slowest, mut retried) = (Vec::new(), Duration::ZERO, 0);
    for answered in answers {
        slowest = slowest.max(answered.waited);
        retried += answered.retried;
        if answered.outcome == CLAIMED {
            times.push(answered.waited);
        } else {
            *others.entry(answered.outcome).or_default() += 1;
        }
    }
    let seconds = took.as_secs_f64();
    Seen {
        claimed: times.len(),
        left_the_drop: 0,
        others,
        retried,
        seconds,
        claims_per_second: times.len() as f64 / seconds,
        p50_ms: percentile_ms(&mut times, 50),
        p95_ms: percentile_ms(&mut times, 95),
        p99_ms: percentile_ms(&mut times, 99),
        slowest_ms: slowest.as_secs_f64() * 1000.0,
    }
}

/// The cookie of each claimer.
async fn mint(rush: &Rush) -> Result<Vec<String>, Spoiled> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut minters = JoinSet::new();
    for _ in 0..MINTERS.min(rush.claimers) {
        let (next, wanted, mut client) = (Arc::clone(&next), rush.claimers, rush.house.visit());
        minters.spawn(async move {
            let mut cookies = Vec::new();
            while next.fetch_add(1, Ordering::Relaxed) < wanted {
                cookies.push(ask(&mut client, "POST", "/api/v1/viewer", "", None).await?.cookies.join("; "));
            }
            Ok::<_, Spoiled>(cookies)
        });
    }
    let mut cookies = Vec::with_capacity(rush.claimers);
    while let Some(minter) = minters.join_next().await {
        cookies.extend(minter.map_err(|_| Spoiled::Nothing("a minter panicked"))??);
    }
    Ok(cookies)
}

/// Stocks a product of the show, and opens a drop of it.
pub(crate) async fn open_drop(desk: &mut Client, staff: &str, show_id: &str, units: usize) -> Result<String, Spoiled> {
    let show = ask(desk, "GET", &format!("/api/v1/studio/shows/{show_id}"), staff, None).await?.json();
    for item in show["run_sheet"].as_array().into_iter().flatten() {
        let path = format!("/api/v1/office/products/{}", text(item, "product_id"));
        let product = ask(desk, "GET", &path, staff, None).await?.json();
        // There is never a second one of these.
        if product["one_of_a_kind"] == true {
            continue;
        }
        let variant = &product["variants"][0];
        let (id, place) = (text(variant, "id"), &variant["stock"][0]);
        // What earlier runs hold lies there too.
        let on_hand = place["on_hand"].as_u64().unwrap_or(0) + units as u64;
        let stock = json!({ "location_id": place["location_id"], "on_hand": on_hand, "buffer": 0 });
        ask(desk, "PUT", &format!("/api/v1/variants/{id}/stock"), staff, Some(&stock)).await?;
        let plan = json!({
            "number": item["number"], "variant_id": id, "quantity": units, "limit": 1, "hold": { "minutes": 60 },
        });
        let drops = format!("/api/v1/studio/shows/{show_id}/drops");
        let drop = text(&ask(desk, "POST", &drops, staff, Some(&plan)).await?.json(), "id");
        ask(desk, "POST", &format!("/api/v1/studio/drops/{drop}/arm"), staff, Some(&json!({}))).await?;
        let now = json!({ "lead_ms": 0 });
        ask(desk, "POST", &format!("/api/v1/studio/drops/{drop}/fire"), staff, Some(&now)).await?;
        return Ok(drop);
    }
    Err(Spoiled::Nothing("the show has no product of which there can be many"))
}

async fn left_the_drop(desk: &mut Client, staff: &str, rush: &Rush, drop: &str) -> Result<i64, Spoiled> {
    let path = format!("/api/v1/studio/shows/{}/drops", rush.show);
    let drops = ask(desk, "GET", &path, staff, None).await?.json();
    let found: Option<&Value> = drops["items"].as_array().into_iter().flatten().find(|item| item["id"] == drop);
    let found = found.ok_or(Spoiled::Nothing("the drop is not in its show any more"))?;
    Ok(found["quantity"].as_i64().unwrap_or(0) - found["left"].as_i64().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_counts_whatever_was_answered() {
        let answered = |outcome: &str, ms: u64, retried: usize| Answered {
            outcome: outcome.to_owned(),
            waited: Duration::from_millis(ms),
            retried,
        };
        let answers = vec![answered(CLAIMED, 10, 0), answered("waiting", 90, 2), answered(CLAIMED, 30, 1)];
        let seen = sum_up(answers, Duration::from_millis(500));
        assert_eq!((seen.claimed, seen.claims_per_second, seen.retried), (2, 4.0, 3));
        assert_eq!((seen.p50_ms, seen.p95_ms, seen.slowest_ms), (10.0, 30.0, 90.0));
        assert_eq!(seen.others, BTreeMap::from([("waiting".to_owned(), 1)]));
    }
}
