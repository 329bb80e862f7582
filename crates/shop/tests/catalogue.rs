//! A product draft's rules: axes against variants, prices, stock, and every fault with its place.

use kernel::{BrandId, Currency, Language, LocationId, Money, Random, Texts, Timestamp, VariantId};
use shop::catalogue::{AxisDraft, MAX_VARIANTS, Product, ProductDraft, Status, StockLine, ValueDraft, VariantDraft};

fn en(text: &str) -> Texts {
    Texts::new([(Language::english(), text.to_owned())])
}

fn axis(name: &str, values: &[&str]) -> AxisDraft {
    let value = |label: &&str| ValueDraft { id: None, label: en(label) };
    AxisDraft { name: en(name), values: values.iter().map(value).collect() }
}

fn variant(sku: &str, values: &[&str]) -> VariantDraft {
    VariantDraft {
        sku: sku.into(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        prices: vec![Money::new(19_800, Currency::USD)],
        ..VariantDraft::default()
    }
}

fn belt() -> ProductDraft {
    let mut random = Random::seeded(3);
    let mut draft = ProductDraft::empty(BrandId::mint(Timestamp::EPOCH, &mut random));
    draft.category = "fashion".into();
    draft.texts.title = en("Horsebit belt");
    draft.axes = vec![axis("Size", &["80", "85"]), axis("Colour", &["Black", "Tan"])];
    draft.variants = vec![variant("B-80-B", &["80", "Black"]), variant("B-85-T", &["85", "Tan"])];
    draft
}

fn checked(draft: &ProductDraft) -> Result<Product, Vec<(String, &'static str)>> {
    let mut random = Random::seeded(4);
    draft
        .check(Status::Draft, || VariantId::mint(Timestamp::EPOCH, &mut random))
        .map_err(|faults| faults.into_iter().map(|fault| (fault.field, fault.fault.code())).collect())
}

/// Changes the belt, and says which faults that brings.
fn check(change: impl Fn(&mut ProductDraft), expected: &[(&str, &str)]) {
    let mut draft = belt();
    change(&mut draft);
    let found = checked(&draft).err().unwrap_or_default();
    let found: Vec<(&str, &str)> = found.iter().map(|(field, code)| (field.as_str(), *code)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_belt_gets_ids_for_its_values_and_variants() {
    let product = checked(&belt()).expect("nothing is wrong with it");
    let ids: Vec<&str> = product.axes.iter().flat_map(|axis| &axis.values).map(|value| value.id.as_str()).collect();
    assert_eq!(ids, ["v1", "v2", "v3", "v4"]);
    assert_eq!(product.variants[1].values, ["v2", "v4"]);
    let labels: Vec<_> = product.labels(&product.variants[1]).filter_map(|label| label.pick(&[])).collect();
    assert_eq!(labels.iter().map(|label| label.text.as_str()).collect::<Vec<_>>(), ["85", "Tan"]);
}

#[test]
fn a_variant_takes_one_value_of_each_axis_and_no_two_take_the_same() {
    check(|draft| draft.variants[0].values = vec!["80".into()], &[("variants.0.values", "wrong_count")]);
    check(|draft| draft.variants[0].values[1] = "Red".into(), &[("variants.0.values.1", "not_found")]);
    check(|draft| draft.variants[1].values = vec!["80".into(), "v3".into()], &[("variants.1.values", "duplicate")]);
    check(|draft| draft.variants[1].sku = "B-80-B ".into(), &[("variants.1.sku", "duplicate")]);
    check(
        |draft| draft.axes[1].values[1].label = en("Black"),
        &[("axes.1.values.1.label", "duplicate"), ("variants.1.values.1", "not_found")],
    );
    check(|draft| draft.axes[1].name = en("Size"), &[("axes.1.name", "duplicate")]);
    check(|draft| draft.axes[0].values[0].id = Some("no blanks".into()), &[("axes.0.values.0.id", "bad_shape")]);
    // Without axes there is nothing to tell two variants apart.
    check(
        |draft| {
            draft.axes.clear();
            draft.variants.iter_mut().for_each(|variant| variant.values.clear());
        },
        &[("variants.1.values", "duplicate")],
    );
    let many = |draft: &mut ProductDraft| {
        let wide: Vec<String> = (0..MAX_VARIANTS + 1).map(|n| n.to_string()).collect();
        draft.axes = wide.chunks(100).take(3).enumerate().map(|(at, _)| axis(&format!("A{at}"), &["x"])).collect();
        draft.variants = wide.iter().map(|sku| variant(sku, &["x", "x", "x"])).collect();
    };
    let mut draft = belt();
    many(&mut draft);
    let found = checked(&draft).expect_err("too many");
    assert_eq!(found[0], ("variants".into(), "too_many"));
}

#[test]
fn amounts_and_units_are_never_negative() {
    let location_id = LocationId::mint(Timestamp::EPOCH, &mut Random::seeded(5));
    check(|draft| draft.variants[0].prices[0].minor = -1, &[("variants.0.prices.0.amount_minor", "negative")]);
    check(|draft| draft.variants[0].prices[0].minor = 0, &[("variants.0.prices.0.amount_minor", "not_positive")]);
    check(
        |draft| draft.variants[0].prices.push(Money::new(5, Currency::USD)),
        &[("variants.0.prices.1.currency", "duplicate")],
    );
    check(
        |draft| draft.variants[1].stock = vec![StockLine { location_id, on_hand: -2, buffer: -1 }],
        &[("variants.1.stock.0.on_hand", "negative"), ("variants.1.stock.0.buffer", "negative")],
    );
    check(|draft| draft.variants[0].weight_g = Some(-5), &[("variants.0.weight_g", "negative")]);
    check(|draft| draft.one_of_a_kind = true, &[("one_of_a_kind", "one_of_a_kind")]);
}

#[test]
fn what_is_missing_or_misshapen_is_named() {
    check(|draft| draft.texts.title = en("  "), &[("texts.title", "required")]);
    check(|draft| draft.texts.title = en(&"x".repeat(201)), &[("texts.title.en", "too_long")]);
    check(|draft| draft.category = "Fashion & more".into(), &[("category", "bad_shape")]);
    check(|draft| draft.hs_code = Some("leather".into()), &[("hs_code", "bad_shape")]);
    check(|draft| draft.minimum_age = Some(120), &[("minimum_age", "too_large")]);
    let chart = |rows: &[&[&str]]| shop::catalogue::SizeChart {
        columns: vec![en("Size"), en("Waist")],
        rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
    };
    check(|draft| draft.size_chart = Some(chart(&[&["80", "78 cm"]])), &[]);
    check(|draft| draft.size_chart = Some(chart(&[&["80"]])), &[("size_chart.rows.0", "wrong_count")]);
}

#[test]
fn a_product_goes_on_sale_with_a_seller_and_a_price_for_each_variant() {
    let product = checked(&belt()).expect("sound");
    let faults = product.ready(|id| id == product.variants[0].id).expect_err("no seller, one price");
    let found: Vec<_> = faults.into_iter().map(|fault| fault.field).collect();
    assert_eq!(found, ["seller_id", "variants.1.prices"]);
}
