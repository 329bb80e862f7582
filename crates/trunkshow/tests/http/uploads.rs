//! Files that staff send: pictures and sheets.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::catalogue::Boutique;
use crate::house::{Answer, Browser, TestHouse};

/// A PNG of one grey pixel.
pub(crate) const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

pub(crate) async fn send(browser: &Browser, path: &str, bytes: &[u8], kind: &str) -> Answer {
    let part = Part::bytes(bytes.to_vec()).file_name("file").mime_str(kind).expect("a media type");
    browser.send(browser.request(Method::POST, path).multipart(Form::new().part("file", part))).await
}

#[tokio::test]
async fn a_picture_is_served_in_every_width_for_ever() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let media = send(&shop.office, "/media", PIXEL, "image/png").await.expect(StatusCode::CREATED);
    assert_eq!((media["width"].as_i64(), media["height"].as_i64()), (Some(1), Some(1)));
    let url = format!("{}{}", shop.office.base, media["url"].as_str().expect("a url").replace("{w}", "1280"));
    let pixels = test.browser().client.get(&url).send().await.expect("served");
    assert_eq!(pixels.headers()["content-type"], "image/webp");
    assert!(pixels.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    assert_eq!(&pixels.bytes().await.expect("bytes")[8..12], b"WEBP");
    let odd = test.browser().client.get(url.replace("1280", "1281")).send().await.expect("answered");
    assert_eq!(odd.status(), StatusCode::NOT_FOUND);

    let mut draft = shop.belt();
    draft["media_ids"] = json!([media["id"]]);
    let product = shop.add(&draft).await;
    let view = test.browser().get(&format!("/products/{}", product["id"].as_str().expect("an id"))).await;
    assert_eq!(view.expect(StatusCode::OK)["picture"]["alt"], "Horsebit belts");
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let test = TestHouse::start().await;
    let office = test.owner().await;
    let check = async |bytes: &[u8], kind: &str, expected: (u16, &str)| {
        let (status, code) = send(&office, "/media", bytes, kind).await.problem();
        assert_eq!((status, code.as_str()), expected);
    };
    check(b"MZ a program", "image/jpeg", (422, "picture_not_readable")).await;
    check(PIXEL, "image/jpeg", (422, "picture_not_readable")).await;
    check(&vec![0; 20 * 1024 * 1024 + 100 * 1024], "image/png", (413, "too_large")).await;
    let viewer = test.viewer().await;
    assert_eq!(send(&viewer, "/media", PIXEL, "image/png").await.problem().0, 401);
}

const HEADER: &str = "handle,status,category,title_en,title_zh,axis1_en,value1_en,sku,price_usd,on_hand\n";

#[tokio::test]
async fn a_sheet_with_one_bad_row_changes_nothing() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let sheet = format!("{HEADER}hat,active,fashion,Hat,帽子,,,H-1,45.00,2\nbag,active,fashion,Bag,包,,,G-1,0.005,2\n");
    let report = send(&shop.office, "/imports?format=trunkshow", sheet.as_bytes(), "text/csv").await;
    let report = report.expect(StatusCode::CREATED);
    assert_eq!(report["errors"][0]["line"], 3);
    assert_eq!(report["errors"][0]["column"], "price_usd");
    assert_eq!(report["errors"][0]["code"], "amount_too_fine");
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(1), "no other cell is blamed: {report}");
    let path = format!("/imports/{}/apply", report["import_id"].as_str().expect("an id"));
    assert_eq!(shop.office.post(&path, &json!({})).await.problem(), (409, "import_has_errors".into()));
    let page = test.browser().get("/products").await.expect(StatusCode::OK);
    assert_eq!(page["items"], json!([]));
}

#[tokio::test]
async fn a_sheet_is_applied_once_and_again_as_a_change() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let run = async |sheet: String, format: &str| -> (Value, Value) {
        let path = format!("/imports?format={format}");
        let report = send(&shop.office, &path, sheet.as_bytes(), "text/csv").await.expect(StatusCode::CREATED);
        let path = format!("/imports/{}/apply", report["import_id"].as_str().expect("an id"));
        let done = shop.office.post(&path, &json!({})).await.expect(StatusCode::OK);
        assert_eq!(shop.office.post(&path, &json!({})).await.problem(), (409, "import_already_applied".into()));
        (report, done)
    };
    let sheet = format!(
        "{HEADER}hat,active,fashion,Hat,帽子,Size,S,H-S,45.00,2\nhat,,,,,,M,H-M,45.00,7\nbag,draft,bags,Bag,包,,,G-1,120.00,1\n"
    );
    let (report, done) = run(sheet, "trunkshow").await;
    assert_eq!((&report["rows"], &report["products"], &report["variants"]), (&json!(3), &json!(2), &json!(3)));
    assert_eq!(done, json!({"products_created": 2, "products_changed": 0}));
    let found = test.browser().get("/products?query=帽子").await.expect(StatusCode::OK);
    let hat = found["items"][0]["id"].as_str().expect("found").to_owned();
    let before = test.browser().get(&format!("/products/{hat}")).await.expect(StatusCode::OK);
    assert_eq!(before["variants"][0]["low_count"], 2);

    test.clock.pass(kernel::Millis::from_days(1));
    let sheet = format!("{HEADER}hat,active,fashion,Cloche hat,帽子,Size,S,H-S,40.00,6\nhat,,,,,,M,H-M,45.00,7\n");
    let (_, done) = run(sheet, "trunkshow").await;
    assert_eq!(done, json!({"products_created": 0, "products_changed": 1}));
    let after = test.browser().get(&format!("/products/{hat}")).await.expect(StatusCode::OK);
    assert_eq!(after["title"]["text"], "Cloche hat");
    assert_eq!(after["variants"][0]["id"], before["variants"][0]["id"]);
    assert_eq!(after["axes"][0]["values"][0]["id"], before["axes"][0]["values"][0]["id"]);
    assert_eq!(
        (&after["variants"][0]["was"]["amount_minor"], &after["variants"][0]["free"]),
        (&json!(4500), &json!("in"))
    );

    let shopify = "Handle,Title,Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Status\n\
                   tee,Tee,Shirts,true,Size,S,T-S,4,25.00,active\ntee,,,,,M,T-M,5,25.00,\n";
    let (report, done) = run(shopify.into(), "shopify").await;
    assert_eq!((&report["variants"], &done["products_created"]), (&json!(2), &json!(1)));
}
