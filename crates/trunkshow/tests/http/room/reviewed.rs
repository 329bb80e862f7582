//! Lines that are read first, blocks, reports and appeals, with the reasons that each side gets.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::OnAir;
use super::socket::Socket;
use crate::floor::text;
use crate::house::{Answer, Browser};

struct Evening {
    on_air: OnAir,
    staff: Socket,
    browser: Browser,
}

impl Evening {
    async fn start() -> Self {
        let on_air = OnAir::start().await;
        let staff = on_air.join_as(&on_air.owner).await;
        let browser = on_air.house.browser();
        Self { on_air, staff, browser }
    }

    /// As who holds this cookie.
    async fn call(&self, cookie: &str, method: Method, path: &str, body: Value) -> Answer {
        let path = path.replace("{show}", &self.on_air.show.to_string());
        self.browser.send(self.browser.request(method, &path).header("cookie", cookie).json(&body)).await
    }

    async fn queue(&self) -> Value {
        let path = "/studio/shows/{show}/moderation";
        self.call(&self.on_air.owner, Method::GET, path, json!(null)).await.expect(StatusCode::OK)
    }

    async fn mine(&self, cookie: &str) -> Value {
        self.call(cookie, Method::GET, "/shows/{show}/moderation/mine", json!(null)).await.expect(StatusCode::OK)
    }

    async fn act(&mut self, mut frame: Value) {
        frame["ref"] = json!("act");
        self.staff.send(frame).await;
        assert_eq!(self.staff.frame("ack").await["ref"], "act");
    }

    async fn hello(&self, cookie: &str) -> Value {
        let mut socket = self.on_air.connect(cookie).await;
        socket.send(json!({"t": "join"})).await;
        socket.frame("hello").await
    }

    async fn trail(&self) -> Vec<String> {
        let app = &self.on_air.house.house.app;
        let trail = app::audit::list(app, &app::Actor::house(), Some(self.on_air.show), None, 50).await;
        let mut acts: Vec<String> = trail.expect("a trail").into_iter().map(|(entry, _)| entry.act).collect();
        // All of it happens in one millisecond of the test's clock.
        acts.sort();
        acts
    }
}

#[tokio::test]
async fn a_line_waits_and_is_let_through_or_refused_with_a_reason() {
    let mut evening = Evening::start().await;
    let cookie = evening.on_air.viewer("Mei").await;
    let (mut mei, mut ann) = (evening.on_air.join_as(&cookie).await, evening.on_air.join("Ann").await);
    evening.act(json!({"t": "set_rules", "review": "all"})).await;
    assert_eq!(ann.event("rules").await["review"], "all");
    for (reference, text) in [("m1", "so lovely"), ("m2", "you are all frauds")] {
        mei.send(json!({"t": "say", "ref": reference, "text": text})).await;
        assert!(mei.frame("ack").await["held"].is_string(), "{text} waits, and its sender knows");
    }
    let (kind, rude) = (evening.staff.event("held").await, evening.staff.event("held").await);
    assert_eq!((&kind["line"]["text"], &kind["line"]["why"]), (&json!("so lovely"), &json!("review")));
    assert!(ann.event("held").await.get("line").is_none(), "others are not told what it says");
    let back = evening.hello(&cookie).await;
    assert_eq!(back["you"]["held"].as_array().map(Vec::len), Some(2), "{back}");
    let desk = evening.hello(&evening.on_air.owner).await;
    assert_eq!(desk["snapshot"]["held"][1]["line"]["name"], "Mei");

    let id = |held: &Value| held["line"]["id"].clone();
    evening.act(json!({"t": "review", "message_id": id(&kind), "allow": true})).await;
    let heard = ann.event("message").await;
    assert_eq!((&heard["text"], &heard["held"]), (&json!("so lovely"), &id(&kind)));
    evening.act(json!({"t": "review", "message_id": id(&rude), "allow": false, "reason": "insult"})).await;
    let told = mei.frame("moderated").await;
    let expected = (&json!("held_refused"), &json!("insult"), &id(&rude));
    assert_eq!((&told["act"], &told["reason"], &told["message_id"]), expected);
    let acts = &evening.mine(&cookie).await["acts"];
    assert_eq!((&acts[0]["act"], &acts[0]["text"]), (&json!("held_refused"), &json!("you are all frauds")));
    assert_eq!(evening.hello(&cookie).await["you"].get("held"), None);
    let trail = evening.trail().await;
    assert_eq!(trail, ["chat.rules_set", "message.let_through", "message.refused", "show.live"]);
}

#[tokio::test]
async fn a_blocked_viewer_is_told_why_appeals_and_is_let_in_again() {
    let mut evening = Evening::start().await;
    let cookie = evening.on_air.viewer("Troll").await;
    let mut troll = evening.on_air.join_as(&cookie).await;
    troll.send(json!({"t": "say", "ref": "t1", "text": "hello"})).await;
    let viewer_id = evening.staff.event("message").await["viewer_id"].clone();
    evening.act(json!({"t": "block", "viewer_id": viewer_id, "house": true, "reason": "spam"})).await;
    let told = troll.frame("moderated").await;
    assert_eq!((&told["act"], &told["reason"]), (&json!("blocked"), &json!("spam")));
    for frame in [json!({"t": "say", "ref": "t2", "text": "but"}), json!({"t": "ask", "ref": "t3", "number": 1})] {
        troll.send(frame.clone()).await;
        assert_eq!(troll.frame("refused").await["code"], "blocked", "{frame}");
    }
    assert_eq!(evening.hello(&cookie).await["you"]["blocked"], true);

    let offset = evening.mine(&cookie).await["acts"][0]["offset"].clone();
    let appeal = json!({"offset": offset, "text": "I said hello"});
    evening.call(&cookie, Method::POST, "/shows/{show}/appeals", appeal.clone()).await.expect(StatusCode::NO_CONTENT);
    let again = evening.call(&cookie, Method::POST, "/shows/{show}/appeals", appeal).await;
    assert_eq!(again.problem(), (404, "not_found".into()), "an act is appealed against once");
    let waiting = &evening.queue().await["appeals"][0];
    assert_eq!((&waiting["viewer_id"], &waiting["appeal"]["text"]), (&viewer_id, &json!("I said hello")));
    let settle = json!({"offset": offset, "granted": true, "answer": "sorry"});
    let path = "/studio/shows/{show}/appeals/settle";
    let not_yours = evening.call(&cookie, Method::POST, path, settle.clone()).await;
    assert_eq!(not_yours.problem(), (401, "sign_in_first".into()));
    let owner = evening.on_air.owner.clone();
    evening.call(&owner, Method::POST, path, settle).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(troll.frame("moderated").await["act"], "unblocked");
    let told = troll.frame("moderated").await;
    assert_eq!((&told["act"], &told["reason"]), (&json!("appeal_granted"), &json!("sorry")));
    troll.send(json!({"t": "say", "ref": "t4", "text": "thank you"})).await;
    assert_eq!(evening.staff.event("message").await["text"], "thank you");
    let trail = evening.trail().await;
    assert_eq!(trail, ["appeal.granted", "show.live", "viewer.blocked", "viewer.unblocked"]);
}

#[tokio::test]
async fn anybody_reports_a_line_a_piece_or_the_show() {
    let evening = Evening::start().await;
    let (ann, bea) = (evening.on_air.viewer("Ann").await, evening.on_air.viewer("Bea").await);
    let troll_cookie = evening.on_air.viewer("Troll").await;
    let (mut seat, mut troll) = (evening.on_air.join_as(&ann).await, evening.on_air.join_as(&troll_cookie).await);
    troll.send(json!({"t": "say", "ref": "t1", "text": "buy from me instead"})).await;
    let line = seat.event("message").await["id"].clone();
    let about = |kind: &str, id: &Value| json!({"kind": kind, "id": id});
    let report = |subject: Value| json!({"subject": subject, "reason": "spam", "note": "he does it everywhere"});
    let path = "/shows/{show}/reports";
    for (cookie, subject) in [
        (&ann, about("show", &json!(""))),
        (&ann, about("message", &line)),
        (&bea, about("message", &line)),
        (&bea, about("message", &line)),
    ] {
        evening.call(cookie, Method::POST, path, report(subject)).await.expect(StatusCode::NO_CONTENT);
    }
    for (subject, problem) in [
        (about("product", &json!("77")), (404, "not_found")),
        (about("message", &json!("01ARZ3NDEKTSV4RRFFQ69G5FAV")), (404, "not_found")),
        (about("weather", &json!("")), (422, "invalid")),
    ] {
        let refused = evening.call(&ann, Method::POST, path, report(subject.clone())).await;
        assert_eq!(refused.problem(), (problem.0, problem.1.into()), "{subject}");
    }
    let queue = evening.queue().await;
    let [first, second] = queue["reports"].as_array().expect("a list").as_slice() else { panic!("two: {queue}") };
    assert_eq!((&first["text"], &first["name"]), (&json!("buy from me instead"), &json!("Troll")));
    assert_eq!(first["reasons"], json!([{"reason": "spam", "count": 2}]), "most reported first, each viewer once");
    assert_eq!(second["subject"]["kind"], "show");

    let owner = evening.on_air.owner.clone();
    let settle = "/studio/shows/{show}/reports/settle";
    let granted = json!({"subject": about("message", &line), "granted": true, "answer": "advertising"});
    evening.call(&owner, Method::POST, settle, granted.clone()).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(seat.event("removed").await["message_id"], line);
    assert_eq!(troll.frame("moderated").await["reason"], "advertising", "whose line it was is told why");
    assert_eq!(seat.frame("moderated").await["act"], "report_upheld", "and who reported it");
    let again = evening.call(&owner, Method::POST, settle, granted).await;
    assert_eq!(again.problem(), (404, "not_found".into()));
    let dismissed = json!({"subject": about("show", &json!("")), "granted": false});
    evening.call(&owner, Method::POST, settle, dismissed).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(evening.queue().await["reports"], json!([]));
    let mine = evening.mine(&ann).await;
    // Both may have come in one microsecond.
    let came = mine["reports"].as_array().expect("two").iter();
    let came: BTreeMap<&str, &Value> =
        came.map(|one| (text(&one["subject"], "kind"), &one["settled"]["granted"])).collect();
    assert_eq!(came, BTreeMap::from([("message", &json!(true)), ("show", &json!(false))]));
    assert_eq!(evening.mine(&troll_cookie).await["acts"][0]["text"], "buy from me instead");
}

#[tokio::test]
async fn only_buyers_write_and_slow_mode_is_told() {
    let mut evening = Evening::start().await;
    let mut mei = evening.on_air.join("Mei").await;
    for (rules, code) in [(json!({"who": "buyers"}), "buyers_only"), (json!({"slow_s": 60}), "slow_mode")] {
        mei.send(json!({"t": "say", "ref": code, "text": code})).await;
        mei.frame("ack").await;
        let mut frame = json!({"t": "set_rules"});
        frame.as_object_mut().expect("an object").extend(rules.as_object().expect("an object").clone());
        evening.act(frame).await;
        mei.send(json!({"t": "say", "ref": "again", "text": "again"})).await;
        assert_eq!(mei.frame("refused").await["code"], code);
        evening.act(json!({"t": "set_rules"})).await;
    }
    evening.staff.send(json!({"t": "set_rules", "ref": "r", "slow_s": 601})).await;
    assert_eq!(evening.staff.frame("refused").await["code"], "rules_unclear");
}

#[tokio::test]
async fn what_the_shop_does_in_the_room_is_in_the_trail() {
    let mut evening = Evening::start().await;
    let mut mei = evening.on_air.join("Mei").await;
    mei.send(json!({"t": "say", "ref": "m1", "text": "is it silk?"})).await;
    let id = evening.staff.event("message").await["id"].clone();
    for frame in [
        json!({"t": "pin", "number": 1}),
        json!({"t": "pin_comment", "message_id": id}),
        json!({"t": "unpin_comment"}),
        json!({"t": "reply", "message_id": id, "text": "all of it", "private": true}),
        json!({"t": "open_poll", "question": "Which?", "choices": ["a", "b"]}),
        json!({"t": "close_poll"}),
        json!({"t": "clear_poll"}),
        json!({"t": "announce", "text": "ten minutes"}),
        json!({"t": "say", "text": "a line is no deed"}),
    ] {
        evening.act(frame).await;
    }
    let expected = [
        "comment.pinned",
        "comment.unpinned",
        "piece.pinned",
        "poll.cleared",
        "poll.closed",
        "poll.opened",
        "question.answered",
        "room.announced",
        "show.live",
    ];
    assert_eq!(evening.trail().await, expected);
}
