//! The programme's addresses, as a player on any page asks for them.

use reqwest::StatusCode;

use crate::house::TestHouse;

#[tokio::test]
async fn a_page_elsewhere_may_read_that_a_programme_is_not_here() {
    let house = TestHouse::start().await;
    let browser = house.browser();
    for path in ["/air/01HZZZZZZZZZZZZZZZZZZZZZZZ/master.m3u8", "/air/nonsense/master.m3u8", "/air/x/y.exe"] {
        let asked = browser.client.get(format!("{}{path}", browser.base)).header("origin", "https://blog.example");
        let answer = browser.send(asked).await;
        assert_eq!((answer.status, answer.problem().1.as_str()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "{path}");
    }
}
