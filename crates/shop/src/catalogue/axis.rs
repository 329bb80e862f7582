//! Option axes (size, colour) and the values a variant takes on each.

use std::collections::BTreeSet;

use kernel::Texts;
use serde::{Deserialize, Serialize};

use super::draft::{AxisDraft, ValueDraft};
use super::text::{agree, check_required, says, tidied};
use super::{Fault, Faults};

/// A product varies along at most this many axes.
pub const MAX_AXES: usize = 3;
/// An axis has at most this many values.
pub const MAX_VALUES: usize = 100;

/// One thing a buyer chooses, such as the size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    pub name: Texts,
    pub values: Vec<AxisValue>,
}

/// One choice on an axis. `id` is unique in the product, 1–26 of `A–Z a–z 0–9 - _`, and stays when the label changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxisValue {
    pub id: String,
    pub label: Texts,
}

/// The axes with an id for every value, those without one getting the lowest unused `v1`, `v2`, ….
pub(super) fn check(drafts: &[AxisDraft], faults: &mut Faults) -> Vec<Axis> {
    faults.when(drafts.len() > MAX_AXES, "axes", Fault::TooMany { most: MAX_AXES });
    let mut taken: BTreeSet<String> =
        drafts.iter().flat_map(|axis| &axis.values).filter_map(|value| value.id.clone()).collect();
    let mut seen = BTreeSet::new();
    let mut axes: Vec<Axis> = Vec::new();
    for (at, draft) in drafts.iter().take(MAX_AXES).enumerate() {
        let field = format!("axes.{at}");
        check_required(&draft.name, &format!("{field}.name"), 60, faults);
        let twice = axes.iter().any(|other| agree(&draft.name, &other.name));
        faults.when(twice, format!("{field}.name"), Fault::Duplicate);
        faults.when(draft.values.is_empty(), format!("{field}.values"), Fault::Required);
        faults.when(draft.values.len() > MAX_VALUES, format!("{field}.values"), Fault::TooMany { most: MAX_VALUES });
        let mut values: Vec<AxisValue> = Vec::new();
        for (place, value) in draft.values.iter().take(MAX_VALUES).enumerate() {
            let field = format!("{field}.values.{place}");
            check_required(&value.label, &format!("{field}.label"), 60, faults);
            let twice = values.iter().any(|other| agree(&value.label, &other.label));
            faults.when(twice, format!("{field}.label"), Fault::Duplicate);
            let id = value_id(value, &field, &mut taken, &mut seen, faults);
            values.push(AxisValue { id, label: tidied(&value.label) });
        }
        axes.push(Axis { name: tidied(&draft.name), values });
    }
    axes
}

fn value_id(
    value: &ValueDraft,
    field: &str,
    taken: &mut BTreeSet<String>,
    seen: &mut BTreeSet<String>,
    faults: &mut Faults,
) -> String {
    if let Some(id) = &value.id {
        let shaped =
            (1..=26).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        faults.when(!shaped, format!("{field}.id"), Fault::BadShape { like: "v1" });
        faults.when(!seen.insert(id.clone()), format!("{field}.id"), Fault::Duplicate);
        return id.clone();
    }
    let fresh = (1..).map(|n| format!("v{n}")).find(|id| !taken.contains(id)).unwrap_or_default();
    taken.insert(fresh.clone());
    fresh
}

/// The ids of a variant's values: one for each axis, each named by its id or, failing that, by its label.
pub(super) fn resolve(axes: &[Axis], named: &[String], field: &str, faults: &mut Faults) -> Vec<String> {
    if named.len() != axes.len() {
        faults.add(field, Fault::WrongCount { wanted: axes.len() });
        return Vec::new();
    }
    let mut ids = Vec::with_capacity(axes.len());
    for (at, (axis, name)) in axes.iter().zip(named).enumerate() {
        let by_id = axis.values.iter().find(|value| value.id == *name);
        match by_id.or_else(|| axis.values.iter().find(|value| says(&value.label, name))) {
            Some(value) => ids.push(value.id.clone()),
            None => faults.add(format!("{field}.{at}"), Fault::NotFound),
        }
    }
    ids
}
