//! From rows to shows and back.

use app::ports::{ShowRow, StoreError};
use hub::{Lifecycle, RunItem, RunSheet, Sale, ShowPlan};
use kernel::{ShowId, Timestamp};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::entity::{run_item, show};
use crate::text::{from_json, parse, to_json};

const fn state(lifecycle: &Lifecycle) -> &'static str {
    match lifecycle {
        Lifecycle::Planned => "planned",
        Lifecycle::Rehearsing { .. } => "rehearsing",
        Lifecycle::Live { .. } => "live",
        Lifecycle::Ended { .. } => "ended",
    }
}

pub(super) fn write(row: &ShowRow) -> Result<show::ActiveModel, StoreError> {
    let model = show::Model {
        id: row.id.to_string(),
        version: row.version,
        brand_id: row.plan.brand.to_string(),
        host_id: row.plan.host.to_string(),
        title: to_json(&row.plan.title)?,
        description: to_json(&row.plan.description)?,
        cover_id: row.plan.cover.map(|id| id.to_string()),
        starts_at: row.plan.starts_at.unix_micros(),
        time_zone: row.plan.time_zone.clone(),
        state: state(&row.lifecycle).into(),
        lifecycle: to_json(&row.lifecycle)?,
        next_number: row.run_sheet.next_number.into(),
        stream_key_hash: row.stream_key_hash.clone(),
        stream_key_sealed: row.stream_key_sealed.clone(),
        created_at: row.created_at.unix_micros(),
        changed_at: row.changed_at.unix_micros(),
    };
    Ok(model.into_active_model().reset_all())
}

pub(super) fn write_items(row: &ShowRow) -> Vec<run_item::ActiveModel> {
    let item = |(position, item): (i64, &RunItem)| run_item::Model {
        show_id: row.id.to_string(),
        number: item.number.into(),
        position,
        product_id: item.product.to_string(),
        talking_points: item.talking_points.clone(),
        sale: if item.sale == Sale::Open { "open".into() } else { "stopped".into() },
    };
    (0..).zip(&row.run_sheet.items).map(item).map(|model| model.into_active_model().reset_all()).collect()
}

/// `items` are in the order of their positions.
pub(super) fn read(row: show::Model, items: Vec<run_item::Model>) -> Result<ShowRow, StoreError> {
    let number = |value: i64| {
        u32::try_from(value).map_err(|_| StoreError::Failed(format!("unreadable in the store: number {value}")))
    };
    let item = |item: run_item::Model| {
        Ok(RunItem {
            number: number(item.number)?,
            product: parse(&item.product_id)?,
            talking_points: item.talking_points,
            sale: if item.sale == "open" { Sale::Open } else { Sale::Stopped },
        })
    };
    Ok(ShowRow {
        id: parse::<ShowId>(&row.id)?,
        version: row.version,
        plan: ShowPlan {
            title: from_json(&row.title)?,
            description: from_json(&row.description)?,
            brand: parse(&row.brand_id)?,
            host: parse(&row.host_id)?,
            starts_at: Timestamp::from_unix_micros(row.starts_at),
            time_zone: row.time_zone,
            cover: row.cover_id.as_deref().map(parse).transpose()?,
        },
        lifecycle: from_json(&row.lifecycle)?,
        run_sheet: RunSheet {
            items: items.into_iter().map(item).collect::<Result<_, StoreError>>()?,
            next_number: number(row.next_number)?,
        },
        stream_key_hash: row.stream_key_hash,
        stream_key_sealed: row.stream_key_sealed,
        created_at: Timestamp::from_unix_micros(row.created_at),
        changed_at: Timestamp::from_unix_micros(row.changed_at),
    })
}
