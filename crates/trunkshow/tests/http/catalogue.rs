//! Products, from the office's form to a buyer's page.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{Browser, TestHouse};

/// A brand with a seller of record and a place for its stock.
pub struct Boutique {
    pub office: Browser,
    pub brand: String,
    pub seller: String,
    pub location: String,
}

impl Boutique {
    pub async fn open(test: &TestHouse) -> Self {
        let office = test.owner().await;
        let created = |body: Value| body["id"].as_str().expect("an id").to_owned();
        let brand = office.post("/brands", &json!({"name": "Maison Claire"})).await.expect(StatusCode::CREATED);
        let brand = created(brand);
        let seller = json!({"brand_id": brand, "legal_name": "Maison Claire SARL", "address": ["12 rue Claire", "75007 Paris"],
            "country": "FR", "email": "bonjour@cler.example", "tax_numbers": [{"kind": "vat", "value": "FR40303265045"}]});
        let seller = created(office.post("/sellers", &seller).await.expect(StatusCode::CREATED));
        let location = json!({"brand_id": brand, "name": "Rue Claire", "country": "FR"});
        let location = created(office.post("/locations", &location).await.expect(StatusCode::CREATED));
        Self { office, brand, seller, location }
    }

    /// A belt in two sizes, as the form sends it.
    pub fn belt(&self) -> Value {
        let variant = |sku: &str, size: &str, units: i64| {
            json!({"sku": sku, "values": [size],
                "prices": [{"amount_minor": 19_800, "currency": "USD"}, {"amount_minor": 28_000, "currency": "JPY"}],
                "stock": [{"location_id": self.location, "on_hand": units, "buffer": 0}]})
        };
        json!({"brand_id": self.brand, "seller_id": self.seller, "category": "fashion", "status": "active",
            "texts": {"title": {"en": "Horsebit belts", "zh": "马衔扣腰带"}, "description": {"en": "Full-grain leather."}},
            "axes": [{"name": {"en": "Size", "zh": "尺码"}, "values": [{"label": {"en": "80"}}, {"label": {"en": "85"}}]}],
            "variants": [variant("B-80", "80", 3), variant("B-85", "85", 9)]})
    }

    pub async fn add(&self, draft: &Value) -> Value {
        self.office.post("/products", draft).await.expect(StatusCode::CREATED)
    }
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_product_goes_from_the_form_to_the_page() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let product = shop.add(&shop.belt()).await;
    let id = product["id"].as_str().expect("an id");
    let viewer = test.viewer().await;

    let page = viewer.get("/products?currency=USD").await.expect(StatusCode::OK);
    assert_eq!(at(&page, "/items/0/title"), &json!({"text": "Horsebit belts", "lang": "en"}));
    assert_eq!(at(&page, "/items/0/price"), &json!({"amount_minor": 19_800, "currency": "USD"}));
    assert_eq!((at(&page, "/items/0/free"), at(&page, "/next")), (&json!("in"), &Value::Null));

    let view = viewer.get(&format!("/products/{id}?currency=JPY&lang=zh")).await.expect(StatusCode::OK);
    assert_eq!(at(&view, "/title"), &json!({"text": "马衔扣腰带", "lang": "zh"}));
    assert_eq!(at(&view, "/description"), &json!({"text": "Full-grain leather.", "lang": "en"}));
    assert_eq!(at(&view, "/seller/legal_name"), "Maison Claire SARL");
    assert_eq!(at(&view, "/tax_included"), true);
    assert_eq!(at(&view, "/variants/0/low_count"), 3);
    assert_eq!(at(&view, "/variants/1/low_count"), &Value::Null);
    assert_eq!(at(&view, "/variants/1/values/0"), at(&view, "/axes/0/values/1/id"));
    let not_sold = viewer.get(&format!("/products/{id}?currency=EUR")).await.expect(StatusCode::OK);
    assert_eq!(at(&not_sold, "/price"), &Value::Null);
}

#[tokio::test]
async fn words_are_found_in_both_languages_and_only_on_active_products() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let product = shop.add(&shop.belt()).await;
    let viewer = test.viewer().await;
    let found = async |query: &str| {
        let page = viewer.get(&format!("/products?query={query}")).await.expect(StatusCode::OK);
        page["items"].as_array().expect("items").len()
    };
    for (query, expected) in
        [("belt", 1), ("HORSE", 1), ("腰带", 1), ("马", 1), ("b-80", 1), ("belt 80", 1), ("scarf", 0), ("帽子", 0)]
    {
        assert_eq!(found(query).await, expected, "{query}");
    }
    let path = format!("/products/{}/status", product["id"].as_str().expect("an id"));
    shop.office.put(&path, &json!({"status": "archived"})).await.expect(StatusCode::OK);
    assert_eq!(found("belt").await, 0);
    assert_eq!(found("").await, 0);
    let gone = viewer.get(&format!("/products/{}", product["id"].as_str().expect("an id"))).await;
    assert_eq!(gone.problem(), (404, "not_found".into()));
    let kept = shop.office.get("/office/products?query=belt&status=archived").await.expect(StatusCode::OK);
    assert_eq!(kept["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let product = shop.add(&shop.belt()).await;
    let path = format!("/products/{}", product["id"].as_str().expect("an id"));
    let mut edit = product.clone();
    edit.as_object_mut().expect("a body").remove("status");
    edit["texts"]["title"]["en"] = json!("Bit belt");
    let saved = shop.office.put(&path, &edit).await.expect(StatusCode::OK);
    assert_eq!((saved["version"].as_i64(), saved["status"].as_str()), (Some(2), Some("active")));
    assert_eq!(saved["variants"][0]["id"], product["variants"][0]["id"]);
    assert_eq!(shop.office.put(&path, &edit).await.problem(), (409, "changed_meanwhile".into()));
}

#[tokio::test]
async fn what_cannot_be_sold_is_refused_by_field() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let check = async |pointer: &str, value: Value, field: &str, code: &str| {
        let mut draft = shop.belt();
        *draft.pointer_mut(pointer).expect("a place") = value;
        let answer = shop.office.post("/products", &draft).await;
        assert_eq!(answer.problem(), (422, "invalid".into()), "{pointer}: {}", answer.body);
        let fields = answer.body["fields"].as_array().expect("fields");
        let found = fields.iter().find(|found| found["field"] == field).unwrap_or(&Value::Null);
        assert_eq!(found["code"], code, "{}", answer.body);
        assert!(found["detail"].is_string(), "{}", answer.body);
    };
    let price = "/variants/0/prices/0";
    check(
        price,
        json!({"amount_minor": 0.005, "currency": "USD"}),
        "variants.0.prices.0.amount_minor",
        "amount_too_fine",
    )
    .await;
    check(price, json!({"amount_minor": 5, "currency": "XYZ"}), "variants.0.prices.0.currency", "unknown_currency")
        .await;
    check(price, json!({"amount_minor": -5, "currency": "USD"}), "variants.0.prices.0.amount_minor", "negative").await;
    check("/variants/1/stock/0/on_hand", json!(-1), "variants.1.stock.0.on_hand", "negative").await;
    check("/variants/1/values/0", json!("90"), "variants.1.values.0", "not_found").await;
    check("/variants/1/sku", json!("B-80"), "variants.1.sku", "duplicate").await;
    check("/variants/1/prices", json!([]), "variants.1.prices", "required").await;
    check("/seller_id", Value::Null, "seller_id", "required").await;
    check("/texts/title", json!({"english!": "x"}), "texts.title.english!", "unknown_language").await;

    shop.add(&shop.belt()).await;
    let again = shop.office.post("/products", &shop.belt()).await;
    assert_eq!(again.body["fields"][0]["code"], "taken", "{}", again.body);
    let nobody = test.viewer().await.post("/products", &shop.belt()).await;
    assert_eq!(nobody.problem(), (401, "sign_in_first".into()));
}

#[tokio::test]
async fn a_struck_out_price_comes_from_the_history() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let product = shop.add(&shop.belt()).await;
    let variant = product["variants"][0]["id"].as_str().expect("an id");
    let set = async |minor: i64| {
        let body = json!([{"amount_minor": minor, "currency": "USD"}]);
        // The session of the first day has run out by now.
        test.owner().await.put(&format!("/variants/{variant}/prices"), &body).await.expect(StatusCode::OK)
    };
    test.clock.pass(Millis::from_days(40));
    set(25_000).await;
    test.clock.pass(Millis::from_days(1));
    set(15_000).await;
    let path = format!("/products/{}?currency=USD", product["id"].as_str().expect("an id"));
    let view = test.browser().get(&path).await.expect(StatusCode::OK);
    assert_eq!(at(&view, "/variants/0/price/amount_minor"), 15_000);
    assert_eq!(at(&view, "/variants/0/was/amount_minor"), 19_800);
    assert_eq!(at(&view, "/variants/1/was"), &Value::Null);
    let history = test.owner().await.get(&format!("/variants/{variant}/prices/history")).await.expect(StatusCode::OK);
    // Three in dollars, one in yen, and the one by which it is sold in yen no more.
    assert_eq!(history.as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_page_ends_with_the_cursor_of_the_next() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    for n in 0..3 {
        let mut draft = shop.belt();
        draft["variants"][0]["sku"] = json!(format!("A{n}"));
        draft["variants"][1]["sku"] = json!(format!("B{n}"));
        shop.add(&draft).await;
        test.clock.pass(Millis(5));
    }
    for query in ["", "query=belt&"] {
        let first = test.browser().get(&format!("/products?{query}limit=2")).await.expect(StatusCode::OK);
        let next = first["next"].as_str().expect("more");
        let second = test.browser().get(&format!("/products?{query}limit=2&after={next}")).await.expect(StatusCode::OK);
        let ids = |page: &Value| -> Vec<Value> {
            page["items"].as_array().expect("items").iter().map(|i| i["id"].clone()).collect()
        };
        let mut all = [ids(&first), ids(&second)].concat();
        all.dedup();
        assert_eq!((all.len(), second["next"].clone()), (3, Value::Null), "{query}");
    }
}

#[tokio::test]
async fn what_staff_do_to_the_catalogue_stands_in_the_trail() {
    let house = TestHouse::start().await;
    let shop = Boutique::open(&house).await;
    let step = async || house.clock.pass(kernel::Millis::from_secs(1));
    step().await;
    let made = shop.add(&shop.belt()).await;
    let (id, variant) = (made["id"].as_str().expect("an id"), made["variants"][0]["id"].as_str().expect("an id"));
    step().await;
    let mut draft = shop.belt();
    draft["version"] = made["version"].clone();
    for at in [0, 1] {
        draft["variants"][at]["id"] = made["variants"][at]["id"].clone();
        draft["variants"][at]["stock"] = json!([]);
    }
    draft["variants"][0]["prices"] = json!([{"amount_minor": 18_000, "currency": "USD"}]);
    shop.office.put(&format!("/products/{id}"), &draft).await.expect(StatusCode::OK);
    step().await;
    let stock = json!({"location_id": shop.location, "on_hand": 5, "buffer": 1});
    shop.office.put(&format!("/variants/{variant}/stock"), &stock).await.expect(StatusCode::NO_CONTENT);
    step().await;
    shop.office.put(&format!("/products/{id}/status"), &json!({"status": "archived"})).await.expect(StatusCode::OK);
    let trail = shop.office.get("/audit").await.expect(StatusCode::OK);
    let entries = trail["items"].as_array().expect("entries");
    let mut told: Vec<String> = entries
        .iter()
        .map(|entry| format!("{} {} {}", entry["act"], entry["subject"], entry["detail"]).replace('"', ""))
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "brand.created Maison Claire null",
            "location.created Rue Claire null",
            "prices.changed Horsebit belts B-80 no longer in JPY, B-80 180.00 USD",
            "product.changed Horsebit belts version 2",
            "product.created Horsebit belts active",
            "product.status_changed Horsebit belts archived",
            "seller.created Maison Claire SARL null",
            "stock.counted B-80 5 on hand, 1 kept back",
        ]
    );
}

#[tokio::test]
async fn a_house_has_so_many_brands_and_no_more() {
    let house = TestHouse::start().await;
    let owner = house.owner().await;
    let (app, now) = (&house.house.app, house.house.app.now());
    let mut random = kernel::Random::seeded(6);
    for number in 0..200 {
        let id = kernel::BrandId::mint(now, &mut random);
        let brand = shop::catalogue::Brand {
            id,
            version: 1,
            name: format!("Maison {number}"),
            about: kernel::Texts::default(),
            logo_media_id: None,
        };
        app.ports.catalogue.save_brand(brand, now).await.expect("saved");
    }
    let one_more = owner.post("/brands", &json!({"name": "Maison Claire"})).await;
    assert_eq!(one_more.fault(), ("name", "too_many_brands"));
}
