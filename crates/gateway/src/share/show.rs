//! A show's share card.

use app::{Problem, house, shows};
use kernel::{Language, ShowId};
use serde_json::json;

use super::{Head, Picture, one_line};
use crate::routes::shows::ShowCardBody;
use crate::state::Gateway;
use crate::wire::text;

pub(super) async fn head(gateway: &Gateway, language: &Language, id: ShowId) -> Result<Head, Problem> {
    let show = shows::find(&gateway.app, id).await?;
    let card = ShowCardBody::of(&gateway.app, &show, language).await?;
    let site = house::get(&gateway.app).await?.name;
    let said = text(&show.plan.description, language);
    let description = if said.as_str().is_empty() {
        match language.as_str() {
            "zh" => format!("{}主播，{}。", card.host.name, card.brand.name),
            _ => format!("Live with {}, {}.", card.host.name, card.brand.name),
        }
    } else {
        one_line(said.as_str())
    };
    let url = format!("{}/shows/{id}", gateway.settings.public_url);
    let picture = card.cover.as_ref().map(|cover| Picture::of(cover, &gateway.settings));
    let title = card.title.into_text();
    let mut data = json!({
        "@context": "https://schema.org", "@type": "BroadcastEvent", "name": title, "description": description, "url": url,
        "startDate": card.starts_at, "isLiveBroadcast": true,
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url},
        "organizer": {"@type": "Organization", "name": card.brand.name},
        "performer": {"@type": "Person", "name": card.host.name},
    });
    if let Some(picture) = &picture {
        data["image"] = json!([picture.url]);
    }
    Ok(Head { language: language.clone(), site, title, description, url, kind: "website", picture, price: None, data })
}
