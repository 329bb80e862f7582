//! Sheets: what becomes a product, and what is refused by line and column.

use kernel::{BrandId, Currency, Language, LocationId, Random, SellerId, Timestamp};
use proptest::prelude::*;
use shop::catalogue::Status;
use shop::catalogue::import::{Format, MAX_ROWS, Plan, Terms, Warning, read};

fn terms() -> Terms {
    let mut random = Random::seeded(9);
    let now = Timestamp::EPOCH;
    Terms {
        brand_id: BrandId::mint(now, &mut random),
        seller_id: Some(SellerId::mint(now, &mut random)),
        location_id: LocationId::mint(now, &mut random),
        language: Language::english(),
        currency: Currency::USD,
    }
}

fn faults(plan: &Plan) -> Vec<(u64, &str, &'static str)> {
    plan.errors.iter().map(|fault| (fault.line, fault.column.as_str(), fault.fault.code())).collect()
}

fn check(format: Format, sheet: &str, expected: &[(u64, &str, &str)]) {
    let plan = read(format, sheet.as_bytes(), &terms());
    assert_eq!(faults(&plan), expected, "{sheet}");
}

const OWN: &str =
    "handle,status,category,title_en,title_zh,axis1_en,value1_en,value1_zh,sku,price_usd,price_jpy,on_hand,buffer\n";
const SHOPIFY: &str = "Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Gift Card,Status\n";

#[test]
fn lines_of_one_handle_are_one_product() {
    let sheet = format!(
        "\u{feff}{OWN}belt,active,fashion,Belt,腰带,Size,80,八十,B-80,198.00,28000,3,1\r\n\
         scarf,,fashion,\"Scarf, \"\"silk\"\"\nlong\",,,,,S-1,90,,,\r\n\
         belt,,,,,,85,,B-85,198,28000,2.0,\r\n\r\n"
    );
    let plan = read(Format::Trunkshow, sheet.as_bytes(), &terms());
    assert_eq!(faults(&plan), []);
    assert_eq!((plan.rows, plan.products.len(), plan.variants()), (3, 2, 3));
    let belt = &plan.products[0];
    assert_eq!((belt.line, belt.handle.as_str(), belt.status), (2, "belt", Status::Active));
    assert_eq!(belt.draft.texts.title.pick(&[Language::chinese()]).map(|t| t.text), Some("腰带".into()));
    assert_eq!(belt.draft.variants[1].stock[0].on_hand, 2);
    assert_eq!(belt.draft.variants[0].prices.len(), 2);
    let scarf = &plan.products[1];
    assert_eq!(scarf.draft.texts.title.pick(&[]).map(|t| t.text), Some("Scarf, \"silk\"\nlong".into()));
    assert_eq!(scarf.draft.variants[0].prices.len(), 1);
}

#[test]
fn a_bad_cell_is_named_by_line_and_column() {
    let own = |lines: &str| format!("{OWN}{lines}");
    let check = |lines: &str, expected: &[(u64, &str, &str)]| check(Format::Trunkshow, &own(lines), expected);
    check("belt,,fashion,Belt,,,,,B,0.005,,,\n", &[(2, "price_usd", "amount_too_fine")]);
    check("belt,,fashion,Belt,,,,,B,,198.5,,\n", &[(2, "price_jpy", "amount_too_fine")]);
    check("belt,,fashion,Belt,,,,,B,$198,,,\n", &[(2, "price_usd", "not_a_number")]);
    check("belt,,fashion,Belt,,,,,B,-1,,,\n", &[(2, "price_usd", "negative")]);
    check("belt,,fashion,Belt,,,,,B,1,,-4,\n", &[(2, "on_hand", "negative")]);
    check("belt,,fashion,Belt,,,,,B,1,,4.5,\n", &[(2, "on_hand", "not_a_whole_number")]);
    check("belt,sold,fashion,Belt,,,,,B,1,,,\n", &[(2, "status", "not_a_choice")]);
    check("belt,,fashion,,,,,,B,1,,,\n", &[(2, "title_en", "required")]);
    check("belt,,,Belt,,,,,B,1,,,\n", &[(2, "category", "required")]);
    check(",,fashion,Belt,,,,,B,1,,,\n", &[(2, "handle", "required")]);
    check("belt,,fashion,\"Be\nlt\",,,,,B,1,,,\nhat,,fashion,Hat,,,,,,1,,,\n", &[(4, "sku", "required")]);
    check("belt,,fashion,Belt,,,,,B,1,,,\nhat,,fashion,Hat,,,,,B,1,,,\n", &[(3, "sku", "duplicate")]);
    check("belt,,fashion,Belt,,Size,80,,B,1,,,\nbelt,,fashion,Strap,,,85,,C,1,,,\n", &[(3, "title_en", "contradicts")]);
    check("belt,,fashion,Belt,,Size,80,,B,1,,,\nbelt,,,,,,80,,C,1,,,\n", &[(3, "value1_en", "duplicate")]);
    check("belt,,fashion,Belt,,Size,80,,B,1,,,\nbelt,,,,,,,,C,1,,,\n", &[(3, "value1_en", "not_found")]);
    check("belt,,fashion,Belt,,,80,,B,1,,,\n", &[(2, "value1_en", "wrong_count")]);
    check("belt,,fashion,Belt,,,,,B,1,,,,,,oops\n", &[(2, "", "wrong_count")]);
    check("belt,,fashion,\"Belt,,,,,B,1,,,\nhat,,fashion,Hat,,,,,C,1,,,\n", &[(2, "", "unclosed_quote")]);
}

#[test]
fn a_bad_header_or_file_is_refused_whole() {
    let check = |sheet: &str, expected: &[(u64, &str, &str)]| check(Format::Trunkshow, sheet, expected);
    check("", &[(1, "", "required")]);
    check(OWN, &[(2, "", "required")]);
    check("handle,title_en,sku,colour\nbelt,Belt,B,red\n", &[(1, "colour", "unknown_column")]);
    check("handle,title_en,sku,price_xyz\nbelt,Belt,B,1\n", &[(1, "price_xyz", "unknown_currency")]);
    check("handle,title_en\nbelt,Belt\n", &[(1, "sku", "missing_column")]);
    check("handle,sku,sku\nbelt,B,C\n", &[(1, "sku", "duplicate")]);
    let gbk = [OWN.as_bytes(), b"belt,,fashion,\xd1\xfc\xb4\xf8,,,,,B,1,,,\n"].concat();
    assert_eq!(faults(&read(Format::Trunkshow, &gbk, &terms())), [(2, "title_en", "not_utf8")]);
    let long = format!("{OWN}{}", "belt,,fashion,Belt,,,,,B,1,,,\n".repeat(MAX_ROWS + 1));
    let plan = read(Format::Trunkshow, long.as_bytes(), &terms());
    assert_eq!(plan.errors.last().map(|fault| fault.fault.code()), Some("too_many"));
    assert!(plan.products.is_empty());
}

#[test]
fn shopify_lines_carry_variants_or_only_pictures() {
    let sheet = format!(
        "{SHOPIFY}tee,Tee,\"<p>Soft &amp; light</p>\n<p>Cotton</p>\",Acme,Shirts,true,Size,S,T-S,120.0,4,25.00,30.00,https://x/1.jpg,false,active\n\
         tee,,,,,,,M,T-M,120,0,25.00,,,,\n\
         tee,,,,,,,,,,,,,https://x/2.jpg,,\n\
         card,Gift card,,Acme,,true,Title,Default Title,G,0,1,10.00,,,true,active\n\
         mug,Mug,,Acme,Home & Living,true,Title,Default Title,,300,7,12.5,,,false,draft\n"
    );
    let plan = read(Format::Shopify, sheet.as_bytes(), &terms());
    assert_eq!(faults(&plan), []);
    assert_eq!((plan.rows, plan.products.len(), plan.variants()), (5, 2, 3));
    assert!(plan.warnings.contains(&Warning::PicturesNotFetched));
    assert!(plan.warnings.contains(&Warning::ComparePriceIgnored));
    assert!(plan.warnings.contains(&Warning::GiftCardsLeftOut));
    let (tee, mug) = (&plan.products[0], &plan.products[1]);
    assert_eq!(tee.draft.texts.description.pick(&[]).map(|t| t.text), Some("Soft & light\nCotton".into()));
    assert_eq!(tee.draft.variants[1].values, ["M"]);
    assert_eq!((mug.draft.category.as_str(), mug.status), ("home-living", Status::Draft));
    assert_eq!((mug.draft.axes.len(), mug.draft.variants[0].sku.as_str()), (0, "mug"));
}

#[test]
fn a_bad_shopify_cell_is_named_by_its_own_column() {
    let check =
        |lines: &str, expected: &[(u64, &str, &str)]| check(Format::Shopify, &format!("{SHOPIFY}{lines}"), expected);
    check("tee,Tee,,,Shirts,true,Size,S,T,1,-3,25,,,,\n", &[(2, "Variant Inventory Qty", "negative")]);
    check("tee,Tee,,,Shirts,true,Size,S,T,1,3,0.005,,,,\n", &[(2, "Variant Price", "amount_too_fine")]);
    check("tee,Tee,,,Shirts,true,Size,S,T,1,3,,,,,\n", &[(2, "Variant Price", "required")]);
    check("tee,,,,Shirts,true,Size,S,T,1,3,1,,,,\n", &[(2, "Title", "required")]);
    check("tee,Tee,,,S,true,Size,S,T,1,3,1,,,,gone\n", &[(2, "Status", "not_a_choice")]);
    check("tee,Tee,,,S,true,Size,S,T,1,3,1,,,,\ntee,,,,,,,S,U,1,3,1,,,,\n", &[(3, "Option1 Value", "duplicate")]);
    check("tee,Tee,,,S,true,Size,S,T,1,3,1,,,,\nhat,Hat,,,S,true,,,T,1,3,1,,,,\n", &[(3, "Variant SKU", "duplicate")]);
    crate::check(
        Format::Shopify,
        "Handle,Body (HTML)\ntee,x\n",
        &[(1, "Title", "missing_column"), (1, "Variant Price", "missing_column")],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(
        header in prop::sample::select(vec![OWN, SHOPIFY, ""]),
        body in prop::collection::vec(prop_oneof![
            4 => prop::sample::select(b",,,\"\n\r;belt80".to_vec()),
            1 => any::<u8>(),
        ], 0..300),
    ) {
        let bytes = [header.as_bytes(), &body].concat();
        for format in [Format::Trunkshow, Format::Shopify] {
            let plan = read(format, &bytes, &terms());
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 2;
            prop_assert!(plan.errors.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }

    #[test]
    fn an_amount_survives_the_sheet(minor in 1i64..1_000_000_000) {
        let money = kernel::Money::new(minor, Currency::USD);
        let sheet = format!("{OWN}belt,,fashion,Belt,,,,,B,{},,,\n", money.decimal());
        let plan = read(Format::Trunkshow, sheet.as_bytes(), &terms());
        prop_assert_eq!(&plan.products[0].draft.variants[0].prices, &vec![money]);
    }
}
