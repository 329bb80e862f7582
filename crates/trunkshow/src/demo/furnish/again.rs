//! A folder that an earlier start furnished: what was to come is to come again.

use kernel::{Millis, Timestamp};
use serde_json::{Value, json};

use super::{Furnished, make};
use crate::demo::caller::{Caller, DemoError, text};

/// A show that is to come starts so much later at least.
const AT_LEAST: Millis = Millis::from_mins(60);

/// Moves every planned show whose start has passed to the same time of a coming day; a show on air that was ended is
/// planned once more.
pub(in crate::demo) async fn bring_up_to_date(
    owner: &Caller,
    furnished: &mut Furnished,
    now: Timestamp,
) -> Result<(), DemoError> {
    for id in [&mut furnished.show, &mut furnished.scheduled] {
        let show = owner.get(&format!("/studio/shows/{id}")).await?;
        if show["lifecycle"] == json!("ended") {
            *id = make(owner, &format!("/shows/{id}/duplicate"), &json!({})).await?;
        }
    }
    let coming = owner.get("/studio/shows?state=coming&limit=100").await?;
    for card in coming["items"].as_array().into_iter().flatten() {
        let id = text(card, "/studio/shows", "id")?;
        if id != furnished.show {
            move_on(owner, &id, now).await?;
        }
    }
    Ok(())
}

async fn move_on(owner: &Caller, id: &str, now: Timestamp) -> Result<(), DemoError> {
    let path = format!("/studio/shows/{id}");
    let show = owner.get(&path).await?;
    let planned = text(&show, &path, "starts_at")?;
    let unreadable = |_| DemoError::Said(format!("{path} starts at {planned}"));
    let starts_at: Timestamp = planned.parse().map_err(unreadable)?;
    let Some(moved) = (0..).map(|days| starts_at + Millis::from_days(days)).find(|at| *at >= now + AT_LEAST) else {
        return Ok(());
    };
    if moved == starts_at {
        return Ok(());
    }
    let plan = json!({
        "version": show["version"],
        "title": show["titles"],
        "description": show["descriptions"],
        "brand_id": show["brand"]["id"],
        "host_person_id": show["host_person_id"],
        "starts_at": moved.to_string(),
        "time_zone": show["time_zone"],
        "cover_media_id": show.pointer("/cover/media_id").unwrap_or(&Value::Null),
    });
    owner.put(&format!("/shows/{id}"), &plan).await.map(drop)
}
