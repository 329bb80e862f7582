//! Brands, sellers, rates and the catalogue with its pictures.

use serde_json::{Value, json};

use super::{Ids, make, money};
use crate::demo::caller::{Caller, DemoError};
use crate::demo::furniture::{self, Boutique, Product};

pub(super) async fn brands_and_sellers(owner: &Caller, boutique: &Boutique, ids: &mut Ids) -> Result<(), DemoError> {
    for brand in &boutique.brands {
        let body = json!({ "name": brand.name, "about": brand.story });
        ids.brands.insert(brand.key.clone(), make(owner, "/brands", &body).await?);
    }
    for seller in &boutique.sellers {
        let tax_numbers: Vec<Value> =
            seller.tax_numbers.iter().map(|number| json!({ "kind": number.kind, "value": number.value })).collect();
        let body = json!({
            "legal_name": seller.legal_name,
            "address": seller.address,
            "country": seller.country,
            "email": seller.email,
            "phone": seller.phone,
            "tax_numbers": tax_numbers,
        });
        ids.sellers.insert(seller.key.clone(), make(owner, "/sellers", &body).await?);
    }
    for location in &boutique.locations {
        ids.location =
            make(owner, "/locations", &json!({ "name": location.name, "country": location.country })).await?;
    }
    Ok(())
}

pub(super) async fn rates(owner: &Caller, boutique: &Boutique) -> Result<(), DemoError> {
    let rates: Vec<Value> = boutique
        .shipping
        .iter()
        .map(|rate| json!({ "country": rate.country, "name": rate.name, "price": money(&rate.price), "days": rate.days }))
        .collect();
    owner.put("/shipping-rates", &Value::Array(rates)).await?;
    Ok(())
}

/// Name, mark and colours of the house.
pub(super) async fn house(owner: &Caller, boutique: &Boutique, ids: &Ids) -> Result<(), DemoError> {
    let house = &boutique.house;
    let version = &owner.get("/house").await?["version"];
    let countries: Vec<&String> =
        boutique.shipping.iter().map(|rate| &rate.country).filter(|code| *code != "*").collect();
    let body = json!({
        "version": version,
        "countries": countries,
        "name": house.name,
        "logo_media_id": ids.media.get(&house.logo),
        "languages": house.languages,
        "currencies": house.currencies,
        "theme": { "accent": house.accent },
    });
    owner.put("/house", &body).await?;
    Ok(())
}

pub(super) async fn products(owner: &Caller, boutique: &Boutique, ids: &mut Ids) -> Result<(), DemoError> {
    upload(owner, &boutique.house.logo, ids).await?;
    for product in &boutique.products {
        for name in &product.pictures {
            upload(owner, name, ids).await?;
        }
        let made = owner.post("/products", &body(product, ids)?).await?;
        let id = crate::demo::caller::text(&made, "/products", "id")?;
        let full = owner.get(&format!("/office/products/{id}")).await?;
        for variant in full["variants"].as_array().into_iter().flatten() {
            if let (Some(sku), Some(variant)) = (variant["sku"].as_str(), variant["id"].as_str()) {
                ids.variants.insert(sku.to_owned(), variant.to_owned());
            }
        }
        owner.put(&format!("/products/{id}/status"), &json!({ "status": "active" })).await?;
        ids.products.insert(product.key.clone(), id);
    }
    Ok(())
}

/// Sends a picture of the atelier to the house, once.
pub(super) async fn upload(owner: &Caller, name: &str, ids: &mut Ids) -> Result<String, DemoError> {
    if let Some(id) = ids.media.get(name) {
        return Ok(id.clone());
    }
    let bytes = furniture::picture(name).ok_or_else(|| DemoError::Said(format!("there is no picture {name}")))?;
    let id = owner.upload(name, bytes).await?;
    ids.media.insert(name.to_owned(), id.clone());
    Ok(id)
}

fn body(product: &Product, ids: &Ids) -> Result<Value, DemoError> {
    let axes: Vec<Value> = product
        .axes
        .iter()
        .map(|axis| {
            let values: Vec<Value> =
                axis.values.iter().map(|value| json!({ "id": value.key, "label": value.label })).collect();
            json!({ "name": axis.name, "values": values })
        })
        .collect();
    let variants: Vec<Value> = product
        .variants
        .iter()
        .map(|variant| {
            json!({
                "sku": variant.sku,
                "values": variant.values,
                "prices": money(variant.prices.as_ref().unwrap_or(&product.prices)),
                "stock": [{ "location_id": ids.location, "on_hand": variant.stock, "buffer": 0 }],
                "weight_g": product.weight_g,
            })
        })
        .collect();
    let pictures: Result<Vec<String>, DemoError> =
        product.pictures.iter().map(|name| Ids::of(&ids.media, name)).collect();
    Ok(json!({
        "brand_id": Ids::of(&ids.brands, &product.brand)?,
        "seller_id": Ids::of(&ids.sellers, &product.seller)?,
        "category": product.category,
        "texts": {
            "title": product.title,
            "description": product.description,
            "materials": product.materials,
            "warnings": product.warnings,
            "model_size": product.model_size,
        },
        "axes": axes,
        "variants": variants,
        "media_ids": pictures?,
        "origin": product.origin,
        "hs_code": product.hs_code,
        "minimum_age": product.minimum_age,
        "one_of_a_kind": product.one_of_a_kind,
        "condition": product.condition.as_ref().map(|c| json!({ "grade": c.grade, "defects": c.defects })),
        "measurements": product.measurements.iter()
            .map(|m| json!({ "name": m.name, "value": m.value })).collect::<Vec<_>>(),
        "size_chart": product.size_chart.as_ref().map(|c| json!({ "columns": c.columns, "rows": c.rows })),
    }))
}
