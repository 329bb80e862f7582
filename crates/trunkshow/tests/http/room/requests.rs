//! The request board over sockets: asked, joined, taken on, shown or declined, and told to who asked.

use serde_json::{Value, json};

use super::OnAir;
use super::socket::Socket;

async fn acked(socket: &mut Socket, frame: Value) {
    let reference = frame["ref"].clone();
    socket.send(frame).await;
    let ack = socket.frame("ack").await;
    assert_eq!(ack["ref"], reference);
}

#[tokio::test]
async fn a_request_is_joined_shown_and_told_to_who_asked() {
    let on_air = OnAir::start().await;
    let mei_cookie = on_air.viewer("Mei").await;
    let (mut mei, mut ann) = (on_air.join_as(&mei_cookie).await, on_air.join("Ann").await);
    let mut staff = on_air.join_as(&on_air.owner).await;

    // One wish, two voices; the page of before still says "show me this" its own way.
    acked(&mut mei, json!({"t": "ask", "ref": "a1", "what": "lining", "number": 2})).await;
    let asked = staff.event("request").await;
    assert_eq!((&asked["what"], &asked["number"], &asked["voices"]), (&json!("lining"), &json!(2), &json!(1)));
    acked(&mut ann, json!({"t": "ask", "ref": "a1", "what": "lining", "number": 2})).await;
    let joined = staff.event("request").await;
    assert_eq!((&joined["id"], &joined["voices"]), (&asked["id"], &json!(2)));
    acked(&mut ann, json!({"t": "ask_show", "ref": "a2", "number": 3})).await;
    let other = staff.event("request").await;
    assert_eq!((other.get("what"), &other["number"]), (None, &json!(3)));
    ann.send(json!({"t": "ask", "ref": "a3", "number": 9})).await;
    assert_eq!(ann.frame("refused").await["code"], "unknown_number");
    let step = |id: &Value, step: &str| json!({"t": "request_step", "ref": "s", "request_id": id, "step": step});
    ann.send(step(&asked["id"], "shown")).await;
    assert_eq!(ann.frame("refused").await["code"], "staff_only");

    acked(&mut staff, step(&asked["id"], "accepted")).await;
    acked(&mut staff, step(&asked["id"], "shown")).await;
    let mut word = step(&other["id"], "declined");
    word["word"] = json!("It is sold");
    acked(&mut staff, word).await;
    assert_eq!(mei.event("request_stepped").await["step"], "accepted");
    let shown = mei.event("request_stepped").await;
    assert_eq!((&shown["step"], &shown["number"], &shown["what"]), (&json!("shown"), &json!(2), &json!("lining")));
    let declined = mei.event("request_stepped").await;
    assert_eq!((&declined["step"], &declined["word"]), (&json!("declined"), &json!("It is sold")));
    staff.send(step(&asked["id"], "declined")).await;
    assert_eq!(staff.frame("refused").await["code"], "step_not_possible");

    // Whoever comes back knows what they asked for, and when it was shown.
    let mut back = on_air.connect(&mei_cookie).await;
    back.send(json!({"t": "join"})).await;
    let hello = back.frame("hello").await;
    assert_eq!(hello["you"]["asked"], json!([asked["id"]]));
    let board = hello["snapshot"]["requests"].as_array().expect("a board").clone();
    assert_eq!(board.len(), 2);
    assert_eq!((&board[0]["step"], &board[0]["programme_ms"]), (&json!("shown"), &shown["programme_ms"]));
    assert_eq!((&board[1]["step"], &board[1]["word"]), (&json!("declined"), &json!("It is sold")));
}

#[tokio::test]
async fn own_words_are_screened_removed_and_kept_as_evidence() {
    let on_air = OnAir::start().await;
    let (mut mei, mut staff) = (on_air.join("Mei").await, on_air.join_as(&on_air.owner).await);
    let ask = |text: &str| json!({"t": "ask", "ref": "a", "what": "other", "number": 1, "text": text});
    for (text, code) in
        [("", "message_empty"), ("see www.example", "link_not_allowed"), (&*"x".repeat(81), "request_too_long")]
    {
        mei.send(ask(text)).await;
        assert_eq!(mei.frame("refused").await["code"], code, "{text}");
    }
    acked(&mut mei, ask(" say  something rude ")).await;
    let asked = staff.event("request").await;
    assert_eq!(asked["wording"]["text"], "say something rude");
    let remove = json!({"t": "remove", "ref": "r", "message_id": asked["wording"]["id"], "reason": "rude"});
    acked(&mut staff, remove).await;
    assert_eq!(mei.event("removed").await["message_id"], asked["wording"]["id"]);

    // Nobody is told the words any more: neither who comes, nor who comes back, nor a new leader.
    let mut late = on_air.connect(&on_air.viewer("Late").await).await;
    late.send(json!({"t": "join"})).await;
    let hello = late.frame("hello").await;
    assert_eq!(hello["snapshot"]["requests"], json!([]));
    let mut resumed = on_air.connect(&on_air.viewer("Back").await).await;
    resumed.send(json!({"t": "join", "epoch": hello["epoch"], "offset": 1})).await;
    assert_eq!(resumed.frame("hello").await["resumed"], true);
    assert_eq!(resumed.event("request").await["wording"]["text"], "");
    let log = on_air.house.house.app.rooms.log();
    let evidence = log.evidence(on_air.show).await.expect("read");
    assert_eq!(evidence.iter().map(|kept| &*kept.words.text).collect::<Vec<_>>(), ["say something rude"]);
}
