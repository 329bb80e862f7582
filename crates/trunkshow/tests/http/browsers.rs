//! What every answer tells a browser, and where a problem's type leads.

use app::{Code, problem};
use kernel::Language;
use reqwest::{Response, StatusCode};

use crate::house::{Browser, TestHouse};

async fn fetch(browser: &Browser, path: &str, language: &str) -> Response {
    let request = browser.client.get(format!("{}{path}", browser.base));
    request.header("accept-language", language).send().await.expect("the house answers")
}

#[tokio::test]
async fn no_answer_is_framed_guessed_at_or_told_of_elsewhere() {
    let test = TestHouse::start().await;
    let browser = test.browser();
    for (path, status) in [
        ("/", StatusCode::OK),
        ("/orders/1?key=secret", StatusCode::OK),
        ("/api/v1/house", StatusCode::OK),
        ("/api/v1/sent-messages", StatusCode::UNAUTHORIZED),
        ("/api/v1/nothing", StatusCode::NOT_FOUND),
        ("/media/x/160.webp", StatusCode::NOT_FOUND),
    ] {
        let answer = fetch(&browser, path, "en").await;
        assert_eq!(answer.status(), status, "{path}");
        let said = |name: &str| answer.headers().get_all(name).iter().map(|v| v.to_str().expect("text")).collect();
        let check = |name: &str, expected: &str| {
            let values: Vec<&str> = said(name);
            assert_eq!(values, [expected], "{name} of {path}");
        };
        check("content-security-policy", "frame-ancestors 'self'; object-src 'none'; base-uri 'self'");
        check("x-content-type-options", "nosniff");
        check("referrer-policy", "same-origin");
    }
}

#[tokio::test]
async fn a_problems_type_leads_to_what_it_means() {
    let test = TestHouse::start().await;
    let browser = test.browser();
    let refused = browser.get("/nothing").await;
    assert_eq!(refused.body["type"], "/problems/not_found");
    for code in Code::ALL {
        for language in [Language::english(), Language::chinese()] {
            let answer = fetch(&browser, &format!("/problems/{}", code.as_str()), language.as_str()).await;
            assert_eq!(answer.status(), StatusCode::OK, "{}", code.as_str());
            let (title, detail) = problem::texts::text(*code, &language);
            let page = answer.text().await.expect("a page");
            for wanted in [title, detail, code.as_str(), &format!("<html lang=\"{language}\">")] {
                assert!(page.contains(wanted), "{wanted} is not in {page}");
            }
        }
    }
    assert_eq!(fetch(&browser, "/problems/none", "en").await.status(), StatusCode::NOT_FOUND);
}
