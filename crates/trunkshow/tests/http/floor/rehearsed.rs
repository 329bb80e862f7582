//! What is bought in a rehearsal touches nothing.

use reqwest::StatusCode;
use serde_json::json;

use super::{Floor, text};

#[tokio::test]
async fn a_rehearsal_purchase_touches_no_stock_mail_or_figures() {
    let floor = Floor::planned().await;
    floor.step("rehearse").await;
    let listed = floor.list("Silk scarf").await;
    let office = &floor.shop.office;
    office.post("/viewer", &json!({})).await.expect(StatusCode::OK);
    let basket = floor.put(office, &listed).await.expect(StatusCode::OK);
    assert_eq!((&basket["rehearsal"], &basket["lines"][0]["problem"]), (&json!(true), &json!(null)));
    for key in ["once", "and again, though there is one piece"] {
        floor.put(office, &listed).await.expect(StatusCode::OK);
        let placed = floor.check_out(office, key).await.expect(StatusCode::CREATED);
        let order = office.get(&format!("/orders/{}", text(&placed, "order_id"))).await.expect(StatusCode::OK);
        assert_eq!((text(&order, "state"), &order["rehearsal"]), ("paid", &json!(true)));
    }

    let list = office.get("/office/orders").await.expect(StatusCode::OK);
    assert_eq!(list["items"][0]["rehearsal"], true);
    let show = office.get(&format!("/studio/shows/{}", floor.show)).await.expect(StatusCode::OK);
    assert_eq!((&show["figures"]["orders"], &show["figures"]["gmv"]), (&json!(0), &json!([])));
    let item = &show["run_sheet"][0];
    assert_eq!((&item["free"], &item["sold"], &item["status"]), (&json!(1), &json!(0), &json!("draft")));
    let taken = office.get("/office/figures").await.expect(StatusCode::OK);
    assert_eq!(taken["taken"], json!([]));
    let waiting = floor.house.house.app.till.outbox.waiting(floor.house.house.app.now(), 10).await.expect("an outbox");
    assert_eq!(waiting, vec![], "nobody is written to");
}
