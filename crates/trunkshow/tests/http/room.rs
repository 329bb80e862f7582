//! The room over real sockets.

mod abuse;
mod hostile;
mod inbox;
mod moderation;
mod oracle;
mod raw;
mod requests;
mod resume;
mod reviewed;
pub(crate) mod socket;
mod stream;
mod wire;

use app::Actor;
use app::ports::{RoomFeed, RoomKey, Stage};
use hub::ShowPlan;
use kernel::{BrandId, Language, Millis, Random, ShowId, Texts, Timestamp};
use room::Notice;
use serde_json::json;

use crate::house::TestHouse;
pub(crate) use socket::Socket;

/// A house with a live show whose tray holds the numbers 1 to 3.
pub(crate) struct OnAir {
    pub(crate) house: TestHouse,
    pub(crate) show: ShowId,
    /// The owner's cookies.
    pub(crate) owner: String,
}

/// A show in the plan, hosted by the owner.
pub(crate) async fn planned(house: &TestHouse) -> ShowId {
    house.owner().await;
    let app = &house.house.app;
    let people = app.ports.people.staff().await.expect("staff");
    let plan = ShowPlan {
        title: Texts::new([(Language::english(), "An evening of belts".to_owned())]),
        description: Texts::new([]),
        brand: BrandId::mint(Timestamp::EPOCH, &mut Random::seeded(1)),
        host: people[0].id,
        starts_at: app.now() + Millis::from_mins(5),
        time_zone: "Europe/Paris".into(),
        cover: None,
    };
    app::shows::plan::create(app, &Actor::house(), plan).await.expect("planned").id
}

impl OnAir {
    pub(crate) async fn start() -> Self {
        Self::open(TestHouse::start().await).await
    }

    /// On air in this house.
    pub(crate) async fn open(house: TestHouse) -> Self {
        let owner = owner_cookies(&house).await;
        let app = &house.house.app;
        let show = planned(&house).await;
        app::shows::lifecycle::go_live(app, &Actor::house(), show).await.expect("live");
        let room = RoomKey { show, stage: Stage::Live };
        app.rooms.post(room, Notice::TrayChanged { numbers: vec![1, 2, 3] }).await;
        Self { house, show, owner }
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/v1/shows/{}/room", self.show)
    }

    /// A new viewer's cookie, with a name to chat under.
    pub(crate) async fn viewer(&self, name: &str) -> String {
        let browser = self.house.browser();
        let body = browser.post("/viewer", &json!({})).await.body;
        let cookie = format!("ts_viewer={}", body["token"].as_str().expect("a token"));
        let chosen = browser.put("/me/chat-name", &json!({"name": name})).await;
        assert_eq!(chosen.status.as_u16(), 200, "{}", chosen.body);
        cookie
    }

    /// A socket that has not joined.
    pub(crate) async fn connect(&self, cookie: &str) -> Socket {
        Socket::connect(self.house.house.http, &self.path(), cookie).await
    }

    /// A socket that has joined as somebody new.
    pub(crate) async fn join(&self, name: &str) -> Socket {
        let cookie = self.viewer(name).await;
        self.join_as(&cookie).await
    }

    pub(crate) async fn join_as(&self, cookie: &str) -> Socket {
        let mut socket = self.connect(cookie).await;
        socket.send(json!({"t": "join"})).await;
        let hello = socket.frame("hello").await;
        assert_eq!(hello["resumed"], false);
        socket
    }
}

async fn owner_cookies(house: &TestHouse) -> String {
    let token = app::people::setup::setup_token(&house.house.app).await.expect("asked").expect("a new house");
    let body = json!({"token": token, "name": "Olive", "email": "owner@example.com", "password": "a long password"});
    let answer = house.browser().post("/setup", &body).await;
    let cookie = answer.headers.get("set-cookie").expect("a session").to_str().expect("text");
    cookie.split(';').next().expect("a cookie").to_owned()
}

#[tokio::test]
async fn a_message_is_acknowledged_and_seen_by_all() {
    let on_air = OnAir::start().await;
    let (mut mei, mut ann) = (on_air.join("Mei").await, on_air.join("Ann").await);
    mei.send(json!({"t": "say", "ref": "m1", "text": " hello\nthere "})).await;
    let ack = mei.frame("ack").await;
    let seen = ann.event("message").await;
    let expected = json!({
        "o": ack["offset"], "programme_ms": seen["programme_ms"], "k": "message", "id": seen["id"],
        "viewer_id": seen["viewer_id"], "name": "Mei", "text": "hello there", "ref_hash": room::ref_hash("m1"),
    });
    assert_eq!(seen, expected);
    assert_eq!(mei.event("message").await, expected);

    ann.send(json!({"t": "ping", "client_ms": 12})).await;
    assert_eq!(ann.frame("pong").await["client_ms"], 12);
}

#[tokio::test]
async fn a_pin_is_for_staff_and_a_latecomer_sees_it() {
    let on_air = OnAir::start().await;
    let (mut viewer, mut staff) = (on_air.join("Mei").await, on_air.join_as(&on_air.owner).await);
    let pin = json!({"t": "pin", "ref": "p", "number": 3});
    viewer.send(pin.clone()).await;
    assert_eq!(viewer.frame("refused").await["code"], "staff_only");
    staff.send(pin).await;
    staff.frame("ack").await;
    assert_eq!(viewer.event("pinned").await["number"], 3);

    let cookie = on_air.viewer("Late").await;
    let mut late = on_air.connect(&cookie).await;
    late.send(json!({"t": "join"})).await;
    let hello = late.frame("hello").await;
    assert_eq!(hello["snapshot"]["pinned"]["number"], 3);
    assert_eq!(hello["snapshot"]["state"], "live");
    assert_eq!(hello["you"]["name"], "Late");
}
