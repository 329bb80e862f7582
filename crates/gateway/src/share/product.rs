//! A product's share card.

use app::catalogue::products::{self, Free, Reader as Buyer};
use app::{Actor, Problem, house};
use kernel::{Currency, Language, ProductId};
use serde_json::json;

use super::{Head, Picture, one_line};
use crate::state::Gateway;
use crate::wire::{PictureBody, text};

/// The product as the house itself prices it: a shared link has no buyer yet.
pub(super) async fn head(
    gateway: &Gateway,
    actor: &Actor,
    language: &Language,
    id: ProductId,
) -> Result<Head, Problem> {
    let house = house::get(&gateway.app).await?;
    let buyer = Buyer {
        languages: vec![language.clone(), Language::english()],
        currency: house.currencies.first().copied().unwrap_or(Currency::USD),
        country: None,
    };
    let view = products::view(&gateway.app, actor, &buyer, id).await?;
    let title = view.card.title.text.clone();
    let said = text(&view.row.product.texts.description, language);
    let description = one_line(if said.as_str().is_empty() { &view.card.brand.1 } else { said.as_str() });
    let url = format!("{}/products/{id}", gateway.settings.public_url);
    let left = view.card.free != Free::Out;
    let picture = view.card.picture.map(|picture| Picture::of(&PictureBody::new(picture, &title), &gateway.settings));
    let mut data = json!({
        "@context": "https://schema.org", "@type": "Product", "name": title, "description": description, "url": url,
        "category": view.card.category, "brand": {"@type": "Brand", "name": view.card.brand.1},
    });
    if let Some(picture) = &picture {
        data["image"] = json!([picture.url]);
    }
    if let [only] = view.variants.as_slice() {
        data["sku"] = json!(only.sku);
    }
    if let Some(price) = view.card.price {
        let mut offer = json!({
            "@type": "Offer", "price": price.decimal(), "priceCurrency": price.currency.as_str(), "url": url,
            "availability": if left { "https://schema.org/InStock" } else { "https://schema.org/OutOfStock" },
        });
        if let Some(highest) = view.card.price_to {
            offer["@type"] = json!("AggregateOffer");
            offer["lowPrice"] = offer["price"].take();
            offer["highPrice"] = json!(highest.decimal());
            offer.as_object_mut().map(|offer| offer.remove("price"));
        }
        if let Some(seller) = &view.seller {
            offer["seller"] = json!({"@type": "Organization", "name": seller.legal_name});
        }
        data["offers"] = offer;
    }
    Ok(Head {
        language: language.clone(),
        site: house.name,
        title,
        description,
        url,
        kind: "product",
        picture,
        price: view.card.price.map(|price| (price, left)),
        data,
    })
}
