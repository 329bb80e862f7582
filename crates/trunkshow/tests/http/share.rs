//! What crawlers and share cards read: the page's head, without running its script.

use reqwest::StatusCode;
use serde_json::json;

use crate::catalogue::Boutique;
use crate::house::{Browser, TestHouse};

struct Page {
    status: StatusCode,
    tag: String,
    html: String,
}

async fn page(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = browser.client.get(format!("{}{path}", browser.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.expect("the house answers");
    let (status, tag) = (response.status(), response.headers().get("etag").cloned());
    let tag = tag.map(|tag| tag.to_str().expect("a tag").to_owned()).unwrap_or_default();
    Page { status, tag, html: response.text().await.expect("a page") }
}

#[tokio::test]
async fn a_products_page_says_what_it_shows() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let mut belt = shop.belt();
    belt["texts"]["title"]["en"] = json!("Belt \"80s\" </title><script>steal()</script>");
    let product = shop.add(&belt).await;
    let path = format!("/products/{}", product["id"].as_str().expect("an id"));
    let crawler = test.browser();
    let url = format!("{}{path}", test.house.url);

    let english = page(&crawler, &path, &[]).await;
    assert_eq!(english.status, StatusCode::OK);
    for wanted in [
        "<title>Belt &quot;80s&quot; &lt;/title&gt;&lt;script&gt;steal()&lt;/script&gt; · ",
        "<meta name=\"description\" content=\"Full-grain leather.\" />",
        &format!("<link rel=\"canonical\" href=\"{url}\" />"),
        &format!("<meta property=\"og:url\" content=\"{url}\" />"),
        "<meta property=\"product:price:amount\" content=\"198.00\" />",
        "<meta property=\"product:price:currency\" content=\"USD\" />",
        "<meta property=\"product:availability\" content=\"in stock\" />",
        "\"@type\":\"Product\"",
    ] {
        assert!(english.html.contains(wanted), "{wanted} is not in {}", english.html);
    }
    assert!(!english.html.contains("<script>steal"), "{}", english.html);

    let chinese = page(&crawler, &path, &[("accept-language", "zh-CN,zh;q=0.9")]).await;
    assert!(chinese.html.contains("<meta property=\"og:title\" content=\"马衔扣腰带\" />"), "{}", chinese.html);
    assert!(chinese.html.contains("<html lang=\"zh\""), "{}", chinese.html);
    let asked = page(&crawler, &format!("{path}?lang=en"), &[("accept-language", "zh")]).await;
    assert_eq!(asked.tag, english.tag, "the query goes before the header");
    assert_ne!(asked.tag, chinese.tag);
    let again = page(&crawler, &path, &[("if-none-match", &english.tag)]).await;
    assert_eq!((again.status, again.html.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn a_shows_page_says_who_is_on_air() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let me = shop.office.get("/me").await.expect(StatusCode::OK);
    let show = json!({"title": {"en": "Evening & pearls", "zh": "珍珠之夜"}, "description": {}, "brand_id": shop.brand,
        "host_person_id": me["person"]["id"], "starts_at": "2099-11-23T19:00:00.000Z", "time_zone": "Europe/Paris", "cover_media_id": null});
    let show = shop.office.post("/shows", &show).await.expect(StatusCode::CREATED);
    let path = format!("/shows/{}", show["id"].as_str().expect("an id"));
    let said = page(&test.browser(), &path, &[]).await;
    assert_eq!(said.status, StatusCode::OK);
    assert!(said.html.contains("<meta property=\"og:title\" content=\"Evening &amp; pearls\" />"), "{}", said.html);
    assert!(said.html.contains("content=\"Live with Olive Owner, Maison Claire.\""), "{}", said.html);
    assert!(said.html.contains("\"startDate\":\"2099-11-23T19:00:00.000Z\""), "{}", said.html);
    let chinese = page(&test.browser(), &format!("{path}?lang=zh"), &[]).await;
    assert!(chinese.html.contains("<title>珍珠之夜 · "), "{}", chinese.html);
}

#[tokio::test]
async fn what_is_not_here_says_so_with_its_status() {
    let test = TestHouse::start().await;
    let shop = Boutique::open(&test).await;
    let draft = shop.belt();
    let product = shop.add(&draft).await;
    let id = product["id"].as_str().expect("an id");
    shop.office.put(&format!("/products/{id}/status"), &json!({"status": "archived"})).await.expect(StatusCode::OK);
    let crawler = test.browser();
    for path in ["/products/nothing", "/shows/01ARZ3NDEKTSV4RRFFQ69G5FAV", &format!("/products/{id}")] {
        let missing = page(&crawler, path, &[]).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{path}");
        assert!(missing.html.contains("<meta name=\"robots\" content=\"noindex\" />"), "{path}: {}", missing.html);
        assert!(!missing.html.contains("Horsebit"), "{path}");
    }
    let browser = [("accept", "text/html,application/xhtml+xml")];
    let nowhere = page(&crawler, "/prices/2019", &browser).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(nowhere.html.starts_with("<!doctype html>"), "a person reads a page: {}", nowhere.html);
    let data = page(&crawler, "/api/v1/prices", &browser).await;
    assert!(data.html.contains("\"code\":\"not_found\""), "a program reads a problem: {}", data.html);
    let own = page(&shop.office, &format!("/products/{id}"), &[]).await;
    assert_eq!(own.status, StatusCode::OK, "who manages the catalogue sees it");
}
