//! Shows with their run sheets.

use std::collections::BTreeMap;

use kernel::{Millis, Timestamp};
use serde_json::{Value, json};

use super::{Ids, goods, make, money};
use crate::demo::caller::{Caller, DemoError};
use crate::demo::furniture::{Boutique, Show, ShowState};

/// Plans every show; answers with the numbers of the one that goes on air, by product key.
pub(super) async fn plan(
    owner: &Caller,
    boutique: &Boutique,
    ids: &mut Ids,
    now: Timestamp,
) -> Result<BTreeMap<String, u32>, DemoError> {
    let mut numbers = BTreeMap::new();
    for show in &boutique.shows {
        let id = schedule(owner, show, ids, now).await?;
        ids.shows.insert(show.key.clone(), id.clone());
        let sheet = owner.get(&format!("/studio/shows/{id}")).await?;
        match show.state {
            ShowState::Live => {
                numbers = numbers_of(&sheet, show, ids);
                arm(owner, show, &id, &numbers, ids).await?;
            }
            ShowState::Ended => {
                owner.post(&format!("/shows/{id}/go-live"), &json!({})).await?;
                owner.post(&format!("/shows/{id}/end"), &json!({ "confirm": "end" })).await?;
            }
            ShowState::Scheduled => {}
        }
    }
    Ok(numbers)
}

async fn schedule(owner: &Caller, show: &Show, ids: &mut Ids, now: Timestamp) -> Result<String, DemoError> {
    let cover = goods::upload(owner, &show.cover, ids).await?;
    let minute = Millis::from_mins(1).0;
    let starts = now.unix_millis() + show.starts_in_minutes * minute;
    // On a round quarter of an hour, as people plan.
    let starts = starts - starts.rem_euclid(15 * minute);
    let body = json!({
        "title": show.title,
        "description": show.description,
        "brand_id": Ids::of(&ids.brands, &show.brand)?,
        "host_person_id": Ids::of(&ids.people, &show.host)?,
        "starts_at": Timestamp::from_unix_millis(starts).to_string(),
        "time_zone": show.time_zone,
        "cover_media_id": cover,
    });
    let id = make(owner, "/shows", &body).await?;
    let mut sheet = vec![];
    for entry in &show.run_sheet {
        let product = Ids::of(&ids.products, &entry.product)?;
        sheet.push(json!({ "product_id": product, "talking_points": entry.talking_points }));
    }
    owner.put(&format!("/shows/{id}/run-sheet"), &Value::Array(sheet)).await?;
    Ok(id)
}

/// Plans and arms the show's drops; its host fires them.
async fn arm(
    owner: &Caller,
    show: &Show,
    id: &str,
    numbers: &BTreeMap<String, u32>,
    ids: &Ids,
) -> Result<(), DemoError> {
    for drop in &show.drops {
        let body = json!({
            "number": numbers.get(&drop.product),
            "variant_id": Ids::of(&ids.variants, &drop.sku)?,
            "unit": money(&drop.prices),
            "quantity": drop.quantity,
            "limit": drop.limit,
            "hold": { "minutes": drop.hold_minutes },
            "window_s": drop.window_s,
        });
        let drop = make(owner, &format!("/studio/shows/{id}/drops"), &body).await?;
        owner.post(&format!("/studio/drops/{drop}/arm"), &json!({})).await?;
    }
    Ok(())
}

fn numbers_of(sheet: &Value, show: &Show, ids: &Ids) -> BTreeMap<String, u32> {
    let entries = sheet["run_sheet"].as_array().map(Vec::as_slice).unwrap_or_default();
    let number = |product: &str| {
        let id = ids.products.get(product)?;
        let entry = entries.iter().find(|entry| entry["product_id"].as_str() == Some(id))?;
        u32::try_from(entry["number"].as_u64()?).ok()
    };
    show.run_sheet.iter().filter_map(|entry| Some((entry.product.clone(), number(&entry.product)?))).collect()
}
