//! Tappers: buyers who came back and pay with one tap. Each signs in by mail, buys once and has address and card kept; then all
//! tap, a fixed number at a time, each request sent as soon as the one before it is answered (a closed loop). One request is one
//! paid order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::buyers::{Seen, sum_up};
use crate::client::{Client, Request};
use crate::house::{House, Spoiled, ask, text};

/// Buyers that are signed in at once: a page of letters holds them all.
const TOGETHER: usize = 20;
/// Letters go out within this.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is run.
#[derive(Debug, Clone)]
pub struct Rush {
    /// Where; its staff may set stock and read the letters of a house that sends them into a folder.
    pub house: House,
    /// The show whose first product is bought.
    pub show: String,
    /// Different buyers, ≤ 1,000; they take turns.
    pub buyers: usize,
    /// Orders in all, ≤ 100,000.
    pub orders: usize,
    /// Taps under way at any moment, ≤ 4,096.
    pub at_once: usize,
}

/// A buyer with everything kept, and what their button sends.
struct Known {
    cookie: String,
    tap: Value,
}

/// Prepares the buyers, then lets them tap and measures that.
pub async fn run(rush: &Rush) -> Result<Seen, Spoiled> {
    let (mut desk, staff) = rush.house.desk().await?;
    let piece = Arc::new(piece(&mut desk, &staff, rush).await?);
    let mut known = Vec::with_capacity(rush.buyers);
    while known.len() < rush.buyers {
        let numbers = known.len()..(known.len() + TOGETHER).min(rush.buyers);
        known.extend(returning(&mut desk, &staff, rush, &piece, numbers).await?);
    }
    let (known, next) = (Arc::new(known), Arc::new(AtomicUsize::new(0)));
    let mut tappers = JoinSet::new();
    let began = Instant::now();
    for _ in 0..rush.at_once.min(rush.orders) {
        let (known, next, orders) = (Arc::clone(&known), Arc::clone(&next), rush.orders);
        let mut client = rush.house.visit();
        tappers.spawn(async move {
            let mut answers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= orders {
                    return answers;
                }
                let asked = Instant::now();
                let answer = tap(&mut client, &known[number % known.len()], number).await;
                answers.push((answer, asked.elapsed()));
            }
        });
    }
    let answers = tappers.join_all().await.concat();
    Ok(sum_up(answers, began.elapsed()))
}

async fn tap(client: &mut Client, known: &Known, number: usize) -> String {
    let key = format!("tap-{number}");
    let (path, cookie, body) = ("/api/v1/one-tap", known.cookie.as_str(), Some(&known.tap));
    match client.send(Request { method: "POST", path, cookie, idempotency_key: &key, body }).await {
        Ok(answer) if answer.status == 201 => text(&answer.json(), "state"),
        Ok(answer) => format!("{} {}", answer.status, text(&answer.json(), "code")),
        Err(lost) => lost.to_string(),
    }
}

/// What is bought: a variant of the show of which there can be many, stocked for all.
async fn piece(desk: &mut Client, staff: &str, rush: &Rush) -> Result<Value, Spoiled> {
    let show = ask(desk, "GET", &format!("/api/v1/studio/shows/{}", rush.show), staff, None).await?.json();
    for item in show["run_sheet"].as_array().into_iter().flatten() {
        let path = format!("/api/v1/office/products/{}", text(item, "product_id"));
        let product = ask(desk, "GET", &path, staff, None).await?.json();
        if product["one_of_a_kind"] == true {
            continue;
        }
        let variant = &product["variants"][0];
        let (id, place) = (text(variant, "id"), &variant["stock"][0]);
        let on_hand = place["on_hand"].as_u64().unwrap_or(0) + (rush.orders + rush.buyers) as u64;
        let stock = json!({ "location_id": place["location_id"], "on_hand": on_hand, "buffer": 0 });
        ask(desk, "PUT", &format!("/api/v1/variants/{id}/stock"), staff, Some(&stock)).await?;
        return Ok(json!({ "variant_id": id, "show_id": rush.show, "show_number": item["number"] }));
    }
    Err(Spoiled::Nothing("the show has no product of which there can be many"))
}

/// Some buyers who have bought once, and have everything kept.
async fn returning(
    desk: &mut Client,
    staff: &str,
    rush: &Rush,
    piece: &Value,
    numbers: std::ops::Range<usize>,
) -> Result<Vec<Known>, Spoiled> {
    let mut client = rush.house.visit();
    let mut cookies = BTreeMap::new();
    // Each run has buyers of its own: an address is sent a few links an hour, and no more.
    let run = text(piece, "show_id").to_lowercase();
    for number in numbers {
        let cookie = ask(&mut client, "POST", "/api/v1/viewer", "", None).await?.cookies.join("; ");
        let email = format!("tapper-{number}-{run}-{}@example.com", std::process::id());
        ask(&mut client, "POST", "/api/v1/sign-in-links", &cookie, Some(&json!({ "email": email }))).await?;
        cookies.insert(email, cookie);
    }
    let tokens = tokens(desk, staff, &cookies).await?;
    let mut known = Vec::with_capacity(cookies.len());
    for (email, cookie) in cookies {
        let token = json!({ "token": tokens[&email] });
        let session = ask(&mut client, "POST", "/api/v1/sessions/by-link", &cookie, Some(&token)).await?.cookies;
        let cookie = [vec![cookie], session].concat().join("; ");
        let tap = keep_all(&mut client, &cookie, piece, &email).await?;
        known.push(Known { cookie, tap });
    }
    Ok(known)
}

/// The token of the letter that each address was sent.
async fn tokens(
    desk: &mut Client,
    staff: &str,
    wanted: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Spoiled> {
    let until = Instant::now() + PATIENCE;
    loop {
        let page = ask(desk, "GET", "/api/v1/sent-messages?limit=100", staff, None).await?.json();
        let mut found = BTreeMap::new();
        for letter in page["items"].as_array().into_iter().flatten() {
            let (to, words) = (text(letter, "to"), text(letter, "text"));
            let token = words.split_once("/account?token=").and_then(|(_, rest)| rest.split_whitespace().next());
            if let Some(token) = token.filter(|_| wanted.contains_key(&to)) {
                found.entry(to).or_insert_with(|| token.to_owned());
            }
        }
        if found.len() == wanted.len() {
            return Ok(found);
        }
        if Instant::now() > until {
            return Err(Spoiled::Nothing("letters with sign-in links do not go out into the house's folder"));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A first order, by the checkout, with everything kept; then what one tap comes to.
async fn keep_all(client: &mut Client, cookie: &str, piece: &Value, email: &str) -> Result<Value, Spoiled> {
    let line = format!("/api/v1/basket/lines/{}?currency=EUR&country=FR", text(piece, "variant_id"));
    let basket = ask(client, "PUT", &line, cookie, Some(&json!({ "quantity": 1 }))).await?.json();
    let checkout = json!({
        "basket_version": basket["version"], "currency": "EUR", "country": "FR", "remember": true,
        "contact": { "name": "Tapper", "email": email, "phone": null },
        "address": {
            "lines": ["11 rue de Sèvres"], "city": "Paris", "region": null, "postal_code": "75007", "country": "FR",
        },
        "shipping_id": basket["shipping_id"], "expected_total": basket["total"], "payment_method": "sandbox",
        "sandbox_outcome": "approve", "language": "en",
    });
    let (path, key) = ("/api/v1/checkouts", format!("first-{email}"));
    let first = Request { method: "POST", path, cookie, idempotency_key: &key, body: Some(&checkout) };
    let bought = client.send(first).await?;
    if bought.status != 201 {
        let (deed, status, body) = (format!("POST {path}"), bought.status, bought.json());
        return Err(Spoiled::Refused { deed, status, body });
    }
    let (variant, show, number) = (text(piece, "variant_id"), text(piece, "show_id"), &piece["show_number"]);
    let of = format!("/api/v1/one-tap?currency=EUR&variant_id={variant}&show_id={show}&show_number={number}");
    let seen = ask(client, "GET", &of, cookie, None).await?.json()["tap"].clone();
    if seen.is_null() {
        return Err(Spoiled::Nothing("the house offers no one-tap to a buyer who has kept address and card"));
    }
    let mut tap = piece.clone();
    tap["currency"] = json!("EUR");
    tap["address_id"] = seen["address"]["id"].clone();
    tap["method_id"] = seen["method"]["id"].clone();
    tap["shipping_id"] = seen["shipping_id"].clone();
    tap["expected_total"] = seen["total"].clone();
    tap["language"] = json!("en");
    Ok(tap)
}
