//! Questions and replies, polls and pinned lines over sockets, and what of it a product's page keeps.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::floor::{Floor, text};
use crate::house::Browser;
use crate::room::socket::Socket;

struct Evening {
    floor: Floor,
    product: String,
    /// A seat of the shop's, and what it was told first.
    staff: Socket,
}

impl Evening {
    async fn live() -> Self {
        let floor = Floor::live().await;
        let listed = floor.list("Silk scarf").await;
        let product = text(&listed["product"], "id").to_owned();
        let mut staff = floor.join(&floor.shop.office).await;
        staff.frame("hello").await;
        Self { floor, product, staff }
    }

    async fn guest(&self, name: &str) -> (Browser, Socket) {
        let browser = self.floor.house.viewer().await;
        browser.put("/me/chat-name", &json!({ "name": name })).await.expect(StatusCode::OK);
        let mut seat = self.floor.join(&browser).await;
        seat.frame("hello").await;
        (browser, seat)
    }

    async fn hello(&self, browser: &Browser) -> Value {
        self.floor.join(browser).await.frame("hello").await
    }

    async fn act(&mut self, frame: Value) {
        assert_eq!(command(&mut self.staff, frame).await, json!(null));
    }

    async fn answers(&self) -> Value {
        self.floor.house.browser().get(&format!("/products/{}/answers", self.product)).await.expect(StatusCode::OK)
    }
}

/// Sends it; the code of its refusal, or null.
async fn command(socket: &mut Socket, mut frame: Value) -> Value {
    frame["ref"] = json!("c");
    socket.send(frame).await;
    loop {
        let answer = socket.next().await.expect("open");
        if answer["ref"] == "c" {
            return answer["code"].clone();
        }
        socket.keep(&answer);
    }
}

#[tokio::test]
async fn questions_are_answered_for_all_for_one_and_kept_with_their_product() {
    let mut evening = Evening::live().await;
    let (mei_browser, mut mei) = evening.guest("Mei").await;
    let (ann_browser, mut ann) = evening.guest("Ann").await;
    for words in ["Is it silk?", "lovely", "Do you ship to Norway?", "how is it washed"] {
        assert_eq!(command(&mut mei, json!({"t": "say", "text": words})).await, json!(null), "{words}");
    }
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.push(evening.staff.event("message").await);
    }
    let asked: Vec<bool> = lines.iter().map(|line| line["question"] == true).collect();
    assert_eq!(asked, [true, false, true, true]);
    let staff_hello = evening.hello(&evening.floor.shop.office).await;
    assert_eq!(staff_hello["snapshot"]["questions"].as_array().map(Vec::len), Some(3));
    assert_eq!(evening.hello(&ann_browser).await["snapshot"].get("questions"), None);

    let id = |place: usize| lines[place]["id"].clone();
    let silk = json!({"t": "reply", "message_id": id(0), "text": "All of it.", "number": 1});
    assert_eq!(command(&mut ann, silk.clone()).await, "staff_only");
    evening.act(silk).await;
    let told = ann.event("reply").await;
    assert_eq!((&told["question"], &told["text"]), (&json!("Is it silk?"), &json!("All of it.")));
    assert!(told.get("by").is_none(), "viewers are not told who of the shop it was");

    // For one alone: everybody learns that it is dealt with, and nobody else what was said.
    evening
        .act(json!({"t": "reply", "message_id": id(2), "text": "For you we do.", "private": true, "number": 1}))
        .await;
    let told = ann.event("reply").await;
    assert_eq!((&told["private"], &told["question"], &told["text"]), (&json!(true), &json!(""), &json!("")));
    assert_eq!(mei.frame("reply").await["text"], "For you we do.");
    assert_eq!(evening.staff.event("reply").await["text"], "All of it.");
    assert_eq!(evening.staff.event("reply").await["text"], "For you we do.");
    let back = evening.hello(&mei_browser).await;
    assert_eq!(back["you"]["replies"][0]["text"], "For you we do.");
    assert_eq!(evening.hello(&ann_browser).await["you"].get("replies"), None);

    evening.floor.house.clock.pass(Millis::from_secs(1));
    evening.act(json!({"t": "reply", "message_id": id(3), "how": "on_air", "number": 1})).await;
    evening.act(json!({"t": "mark_question", "message_id": id(1)})).await;
    evening.act(json!({"t": "reply", "message_id": id(1), "how": "dismissed"})).await;
    let answers = evening.answers().await;
    let kept: Vec<_> = answers.as_array().expect("a list").iter().map(|it| (&it["question"], &it["answer"])).collect();
    assert_eq!(kept, [(&json!("how is it washed"), &json!(null)), (&json!("Is it silk?"), &json!("All of it."))]);

    // What is removed is kept nowhere.
    evening.act(json!({"t": "remove", "message_id": told_id(&answers, &mut ann).await, "reason": "wrong"})).await;
    assert_eq!(evening.answers().await.as_array().map(Vec::len), Some(1));
}

/// The id of the reply on camera, as viewers are told it.
async fn told_id(answers: &Value, ann: &mut Socket) -> Value {
    let told = ann.event("reply").await;
    assert_eq!(told["question"], answers[0]["question"]);
    told["id"].clone()
}

#[tokio::test]
async fn a_poll_counts_one_vote_a_viewer_and_tells_nobody_whose() {
    let mut evening = Evening::live().await;
    let (mei_browser, mut mei) = evening.guest("Mei").await;
    let (_, mut ann) = evening.guest("Ann").await;
    let open = json!({"t": "open_poll", "question": "Which next?", "choices": ["Red", "Blue"], "minutes": 1});
    assert_eq!(command(&mut ann, open.clone()).await, "staff_only");
    evening.act(open.clone()).await;
    assert_eq!(command(&mut evening.staff, open).await, "poll_open");
    let poll = mei.event("poll").await;
    assert_eq!((&poll["phase"], &poll["counts"]), (&json!("open"), &json!([0, 0])));
    let vote = |choice: u8| json!({"t": "vote", "poll_id": poll["id"], "choice": choice});
    assert_eq!(command(&mut mei, vote(1)).await, json!(null));
    assert_eq!(command(&mut mei, vote(0)).await, "voted_already");
    assert_eq!(command(&mut ann, vote(2)).await, "unknown_choice");
    assert_eq!(command(&mut ann, vote(1)).await, json!(null));
    let mut told = evening.staff.event("vote").await;
    while told["counts"] != json!([0, 2]) {
        told = evening.staff.event("vote").await;
    }
    assert_eq!((told.get("cast"), told.get("viewer_id")), (None, None));
    let back = evening.hello(&mei_browser).await;
    assert_eq!((&back["you"]["voted"], &back["snapshot"]["poll"]["counts"]), (&json!(1), &json!([0, 2])));

    // It closes by itself, and its result stays until it is taken down.
    evening.floor.house.clock.pass(Millis::from_mins(1));
    let closed = mei.event("poll").await;
    assert_eq!((&closed["phase"], &closed["counts"]), (&json!("closed"), &json!([0, 2])));
    evening.act(json!({"t": "clear_poll"})).await;
    mei.event("poll_cleared").await;
    assert_eq!(evening.hello(&mei_browser).await["snapshot"].get("poll"), None);
}

#[tokio::test]
async fn a_pinned_line_is_told_with_its_words_until_they_are_removed() {
    let mut evening = Evening::live().await;
    let (browser, mut mei) = evening.guest("Mei").await;
    assert_eq!(command(&mut mei, json!({"t": "say", "text": "Back on Friday"})).await, json!(null));
    let line = evening.staff.event("message").await["id"].clone();
    assert_eq!(command(&mut mei, json!({"t": "pin_comment", "message_id": line})).await, "staff_only");
    evening.act(json!({"t": "pin_comment", "message_id": line})).await;
    let pinned = mei.event("comment_pinned").await;
    assert_eq!((&pinned["said"]["name"], &pinned["said"]["text"]), (&json!("Mei"), &json!("Back on Friday")));
    assert_eq!(evening.hello(&browser).await["snapshot"]["comment"]["text"], "Back on Friday");
    evening.act(json!({"t": "remove", "message_id": line, "reason": "wrong day"})).await;
    let hello = evening.hello(&browser).await;
    assert_eq!(hello["snapshot"].get("comment"), None);
    let mut late = evening.floor.join(&browser).await;
    late.frame("hello").await;
    assert_eq!(command(&mut evening.staff, json!({"t": "unpin_comment"})).await, "nothing_pinned");
}
