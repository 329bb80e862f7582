//! Readers: a buyer who looks at an order and staff who look at the list of orders, one after the other, so that the figures
//! are the house's alone.

use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use crate::client::Client;
use crate::house::{House, Spoiled, ask};
use crate::percentile::percentile_ms;

/// As many orders as a house has that was just furnished, so that lists are of one length.
const LIST: &str = "/api/v1/office/orders?limit=5";

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// The middle of all looks at the order.
    pub order_ms: f64,
    /// The middle of all looks at the first page of the office's list.
    pub list_ms: f64,
}

/// Looks so many times at each.
///
/// # Errors
/// One look was answered with anything but 2xx.
pub async fn run(house: &House, order: &str, times: u32) -> Result<Seen, Spoiled> {
    let (mut client, cookie) = house.desk().await?;
    let order = format!("/api/v1/orders/{order}");
    let (mut orders, mut lists) = (Vec::new(), Vec::new());
    for _ in 0..times {
        orders.push(look(&mut client, &order, &cookie).await?);
        lists.push(look(&mut client, LIST, &cookie).await?);
    }
    Ok(Seen { order_ms: percentile_ms(&mut orders, 50), list_ms: percentile_ms(&mut lists, 50) })
}

async fn look(client: &mut Client, path: &str, cookie: &str) -> Result<Duration, Spoiled> {
    let asked = Instant::now();
    ask(client, "GET", path, cookie, None).await?;
    Ok(asked.elapsed())
}
