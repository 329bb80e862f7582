//! Trivia over HTTP and in the room: planned, armed, asked, answered in the chat, won, paid for or passed on.

use std::time::Duration;

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::drops::{Stage, claim};
use crate::floor::text;
use crate::house::{Answer, Browser};
use crate::room::socket::Socket;

/// A viewer with a name and a seat.
struct Guest {
    browser: Browser,
    seat: Socket,
}

impl Guest {
    async fn enter(stage: &Stage, name: &str) -> Self {
        let browser = stage.viewer().await;
        browser.put("/me/chat-name", &json!({ "name": name })).await.expect(StatusCode::OK);
        let seat = stage.join(&browser).await;
        Self { browser, seat }
    }

    /// Says it for delivery to the country, and waits for the answer.
    async fn say_from(&mut self, country: &str, words: &str) -> Value {
        let reference = words.to_lowercase();
        let said = json!({"t": "say", "ref": reference, "text": words, "country": country, "currency": "USD"});
        self.seat.send(said).await;
        loop {
            let frame = self.seat.next().await.expect("open");
            if frame["ref"] == json!(reference) {
                return frame;
            }
            self.seat.keep(&frame);
        }
    }

    async fn say(&mut self, words: &str) -> Value {
        self.say_from("US", words).await
    }

    /// The next word on a question that has this phase.
    async fn told(&mut self, phase: &str) -> Value {
        loop {
            let told = self.seat.event("trivia").await;
            if told["phase"] == phase {
                return told;
            }
        }
    }
}

fn draft() -> Value {
    json!({"number": 1, "question": "Whose scarf is this?", "answers": ["Gucci", "1970s Gucci"], "typo": true,
        "basis_points": 500, "hold": {"minutes": 2}, "countries": ["US", "GB"], "window_s": 30})
}

async fn plan(stage: &Stage) -> String {
    let path = format!("/studio/shows/{}/trivia", stage.floor.show);
    let planned = stage.office().post(&path, &draft()).await.expect(StatusCode::CREATED);
    assert_eq!((&planned["phase"], &planned["answers"][0]), (&json!("planned"), &json!("Gucci")));
    text(&planned, "id").to_owned()
}

async fn step(stage: &Stage, id: &str, step: &str, body: &Value) -> Answer {
    stage.office().post(&format!("/studio/trivia/{id}/{step}"), body).await
}

/// A question that is asked.
async fn ask(stage: &Stage) -> String {
    let id = plan(stage).await;
    step(stage, &id, "arm", &json!({})).await.expect(StatusCode::OK);
    step(stage, &id, "fire", &json!({"lead_ms": 0})).await.expect(StatusCode::OK);
    id
}

async fn answers(stage: &Stage, id: &str) -> Value {
    let list = stage.office().get(&format!("/studio/trivia/{id}/answers")).await.expect(StatusCode::OK);
    let fate = |row: &Value| json!([row["name"], row["text"], row["right"], row["fate"]]);
    list["items"].as_array().expect("a list").iter().map(fate).collect()
}

async fn gone(stage: &Stage, expected: i64) {
    for _ in 0..100 {
        if stage.free().await == json!(expected) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} are free, not {expected}", stage.free().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_right_answer_wins_and_nobody_sees_another_s() {
    let stage = Stage::with(2).await;
    let (mut ann, mut bea) = (Guest::enter(&stage, "Ann").await, Guest::enter(&stage, "Bea").await);
    let (mut cem, mut fee) = (Guest::enter(&stage, "Cem").await, Guest::enter(&stage, "Fée").await);
    let mut host = stage.join(stage.office()).await;
    let id = plan(&stage).await;
    assert_eq!(step(&stage, &id, "fire", &json!({})).await.problem(), (409, "drop_not_armed".into()));
    step(&stage, &id, "arm", &json!({})).await.expect(StatusCode::OK);
    assert_eq!(stage.free().await, 1, "the prize is set aside");
    let told = ann.told("armed").await;
    assert_eq!((&told["question"], &told["basis_points"]), (&Value::Null, &json!(500)), "nobody reads it yet");
    assert_eq!(claim(&ann.browser, &id, "button", true).await.problem(), (404, "not_found".into()));

    // Called off within the countdown, then asked at one moment of the server's clock.
    step(&stage, &id, "fire", &json!({"lead_ms": 5_000})).await.expect(StatusCode::OK);
    assert!(ann.told("armed").await["opens_at_ms"].is_i64());
    step(&stage, &id, "arm", &json!({})).await.expect(StatusCode::OK);
    assert_eq!(ann.told("armed").await["opens_at_ms"], Value::Null);
    let other = plan(&stage).await;
    step(&stage, &other, "arm", &json!({})).await.expect(StatusCode::OK);
    step(&stage, &id, "fire", &json!({})).await.expect(StatusCode::OK);
    assert_eq!(step(&stage, &other, "fire", &json!({})).await.problem(), (409, "trivia_running".into()));
    step(&stage, &other, "end", &json!({})).await.expect(StatusCode::OK);
    stage.pass(Millis::from_secs(3));
    let told = ann.told("open").await;
    assert_eq!((text(&told, "question"), &told["answer"]), ("Whose scarf is this?", &Value::Null));

    // Answers are hidden, one each; the shop's people talk on.
    assert_eq!(ann.say("Prada").await["t"], "ack");
    assert_eq!(ann.say("Gucci").await["code"], "answered_already");
    assert_eq!(fee.say_from("FR", "gucci").await["code"], "not_delivered");
    assert_eq!(bea.say("ＧＵＣＨＩ!").await["t"], "ack");
    assert_eq!(cem.say("1970s-Gucci").await["t"], "ack");
    host.send(json!({"t": "say", "ref": "h", "text": "ten seconds!"})).await;
    let heard = fee.seat.event("message").await;
    assert_eq!(text(&heard, "text"), "ten seconds!", "what viewers said is no message");
    stage.pass(Millis::from_secs(1));
    let decided = fee.told("decided").await;
    assert_eq!((&decided["winner"]["name"], text(&decided, "answer")), (&json!("Bea"), "Gucci"));
    assert_eq!(
        (&decided["answers"], &decided["spread"]),
        (&json!(3), &json!([{"answer": "Gucci", "count": 2, "right": true}]))
    );
    assert_eq!(decided["winner"]["by"], Value::Null, "named, and no more");
    assert_eq!(fee.say("well done").await["t"], "ack", "the chat goes on");

    // It is hers alone, at 5 % off, until she has paid.
    let news = bea.seat.frame("claim").await;
    assert_eq!((text(&news, "news"), &news["drop_id"]), ("won", &json!(id)));
    let tab = stage.tab(&bea.browser).await;
    let won = &tab["claims"][0];
    assert_eq!(
        (&won["id"], &won["unit"]["amount_minor"], &won["was"]["amount_minor"]),
        (&news["claim_id"], &json!(18_810), &json!(19_800))
    );
    assert_eq!(stage.free().await, 1);
    assert_eq!(stage.tab(&cem.browser).await["waiting"][0]["place"], 1, "right, and next in line");
    assert_eq!(stage.tab(&ann.browser).await["claims"], json!([]));
    assert_eq!(
        answers(&stage, &id).await,
        json!([
            ["Ann", "Prada", false, null],
            ["Bea", "ＧＵＣＨＩ!", true, "open"],
            ["Cem", "1970s-Gucci", true, "waits"]
        ]),
        "in the order of receipt"
    );
    let viewers = fee.browser.get(&format!("/studio/trivia/{id}/answers")).await;
    assert_eq!(viewers.problem(), (401, "sign_in_first".into()));

    // Not paid for in time: it passes to the next right answer, and then back on sale.
    stage.pass(Millis::from_mins(2));
    let passed = loop {
        let told = fee.told("decided").await;
        if told["winner"]["name"] == "Cem" {
            break told;
        }
    };
    assert_eq!(passed["answers"], 3);
    assert_eq!(cem.seat.frame("claim").await["news"], "offered");
    assert_eq!(stage.tab(&cem.browser).await["claims"][0]["unit"]["amount_minor"], 18_810);
    stage.pass(Millis::from_mins(2));
    fee.told("ended").await;
    gone(&stage, 2).await;
    let late = stage.join(&stage.viewer().await).await;
    drop(late);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_knew_and_a_plan_is_held_to_its_rules() {
    let stage = Stage::with(1).await;
    let mut ann = Guest::enter(&stage, "Ann").await;
    let id = ask(&stage).await;
    ann.told("open").await;
    assert_eq!(ann.say("Prada").await["t"], "ack");
    let busy = stage.office().put(&format!("/studio/trivia/{id}"), &draft()).await;
    assert_eq!(busy.problem(), (409, "drop_not_planned".into()));
    stage.pass(Millis::from_secs(30));
    let decided = ann.told("decided").await;
    assert_eq!((&decided["winner"], &decided["answers"]), (&Value::Null, &json!(1)));
    assert_eq!(
        decided["spread"],
        json!([{"answer": "Gucci", "count": 0, "right": true}]),
        "one person's words stay theirs"
    );
    // Who comes now still reads it, and then the piece is on sale again.
    let late = stage.floor.join(&stage.viewer().await).await.frame("hello").await;
    assert_eq!(late["snapshot"]["trivia"][0]["phase"], "decided");
    stage.pass(Millis::from_secs(15));
    ann.told("ended").await;
    gone(&stage, 1).await;

    let path = format!("/studio/shows/{}/trivia", stage.floor.show);
    let check = async |change: &[(&str, Value)], field: &str| {
        let mut body = draft();
        change.iter().for_each(|(name, value)| body[*name] = value.clone());
        let refused = stage.office().post(&path, &body).await;
        assert_eq!((refused.problem(), refused.fault().0), ((422, "invalid".into()), field), "{body}");
    };
    check(&[("answers", json!([]))], "answers").await;
    check(&[("answers", json!(["Gucci", "?!"]))], "answers.1").await;
    check(&[("question", json!(" "))], "question").await;
    check(&[("basis_points", json!(10_001))], "basis_points").await;
    check(&[("number", json!(9))], "number").await;
    let viewer = ann.browser.post(&path, &draft()).await;
    assert_eq!(viewer.problem(), (401, "sign_in_first".into()));
    let planned = plan(&stage).await;
    stage.office().delete(&format!("/studio/trivia/{planned}")).await.expect(StatusCode::NO_CONTENT);
    let drops = stage.office().get(&format!("/studio/shows/{}/drops", stage.floor.show)).await.expect(StatusCode::OK);
    assert_eq!(drops["items"], json!([]), "a prize is no drop of its own");
}
