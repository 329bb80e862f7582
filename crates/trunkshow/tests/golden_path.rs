//! One evening, told once: plan, rehearse, go live, join, chat, pin, list on air, buy, a drop, trivia, the last unit, end.

#[path = "golden_path/boutique.rs"]
mod boutique;
#[path = "golden_path/guests.rs"]
mod guests;

use app::drops::claim::Answer;
use app::ports::{RoomKey, Stage};
use app::room::{enter, name};
use app::shows::list_on_air::{Piece, list_on_air};
use app::shows::{figures, lifecycle, plan, run_sheet};
use app::{Actor, Code};
use hub::{Lifecycle, ShowPlan};
use kernel::{Language, Millis, ShowId};
use serde_json::json;
use shop::order::OrderState;

use boutique::{Boutique, dollars, english};

#[tokio::test]
async fn an_evening() {
    let boutique = Boutique::open().await;
    let (app, host) = (boutique.app(), &boutique.host);

    // Plan: an evening in two hours, with one silk scarf on its sheet.
    let evening = ShowPlan {
        title: english("An evening of silk"),
        description: english(""),
        brand: boutique.brand,
        host: boutique.host_id,
        starts_at: app.now() + Millis::from_mins(120),
        time_zone: "Europe/Paris".into(),
        cover: None,
    };
    let show = plan::create(app, host, evening).await.expect("planned").id;
    let scarf = boutique.product("Silk scarf", 1).await;
    let (_, number) = run_sheet::add(app, host, show, scarf).await.expect("on the sheet");

    // Rehearse: the picture is the staff's alone, and a viewer still sees a planned show.
    let rehearsed = lifecycle::rehearse(app, host, show).await.expect("rehearsing").lifecycle.programme();
    let (ann, mei) = (boutique.somebody(), boutique.somebody());
    let mut anns = boutique.join(show, &ann).await;
    assert_eq!(anns.hello["snapshot"]["state"], "scheduled");
    assert_eq!(enter_rehearsal(&boutique, show, &ann).await, Some(Code::SignInFirst));

    // Go live: on a programme of its own.
    boutique.pass(Millis::from_mins(120));
    let live = lifecycle::go_live(app, host, show).await.expect("live").lifecycle.programme();
    assert_ne!(live, rehearsed);
    assert_eq!(anns.event("show_state").await["programme_id"], json!(live));

    // Join and chat.
    let mut meis = boutique.join(show, &mei).await;
    let mut hosts = boutique.join(show, host).await;
    name::choose(app, &ann, "Ann").await.expect("a name");
    anns.say(json!({"t": "say", "ref": "1", "text": "is it real silk?"})).await;
    let heard = meis.event("message").await;
    assert_eq!((&heard["name"], &heard["text"]), (&json!("Ann"), &json!("is it real silk?")));

    // Pin: everybody sees the scarf.
    hosts.say(json!({"t": "pin", "ref": "2", "number": number})).await;
    assert_eq!(meis.event("pinned").await["number"], number);

    // List on air: a brooch from the window gets the next number, and can be bought at once.
    let piece = Piece {
        title: "Gold brooch".into(),
        language: Language::english(),
        media_id: boutique.picture,
        prices: vec![dollars(9_000)],
        size: None,
        brand: None,
        quantity: 1,
    };
    let (on_sheet, listed) = list_on_air(app, host, show, piece).await.expect("listed");
    assert_eq!((listed, &meis.event("listed").await["number"]), (number + 1, &json!(listed)));
    let brooch = on_sheet.run_sheet.item(listed).expect("on the sheet").product;
    let bought = boutique.buys(&ann, show, listed, brooch).await.expect("bought");
    assert_eq!((bought.order.state, bought.order.totals.total), (OrderState::Paid, dollars(9_000 + 1_200)));

    // A drop: one belt at half its price, for who is first. The other waits in line, and the tab is paid at that price.
    let belt = boutique.product("Silk belt", 1).await;
    let (_, belts) = run_sheet::add(app, host, show, belt).await.expect("on the sheet");
    let drop = boutique.fires(show, belts, dollars(9_900)).await;
    assert_eq!(meis.event("drop").await["number"], json!(belts));
    let Ok(Answer::Held { claim, .. }) = boutique.claims(&ann, drop).await else { panic!("not held") };
    assert!(matches!(boutique.claims(&mei, drop).await, Ok(Answer::Waiting { place: 1 })));
    let paid = boutique.pays(&ann, show, claim.id).await.expect("paid");
    assert_eq!((paid.order.state, paid.order.totals.total), (OrderState::Paid, dollars(9_900 + 1_200)));

    // Trivia: the first right answer in the chat wins a bag at 5 % off, and nobody reads what another answered.
    let bag = boutique.product("Silk bag", 1).await;
    let (_, bags) = run_sheet::add(app, host, show, bag).await.expect("on the sheet");
    boutique.asks(show, bags, "Whose bag is this?", "Gucci").await;
    assert_eq!(meis.trivia("open").await["question"], json!("Whose bag is this?"));
    name::choose(app, &mei, "Mei").await.expect("a name");
    meis.say(json!({"t": "say", "ref": "3", "text": "Guci!"})).await;
    boutique.pass(Millis::from_secs(1));
    assert_eq!(anns.trivia("decided").await["winner"]["name"], json!("Mei"));
    let won = boutique.claims_of(&mei, show).await;
    let paid = boutique.pays(&mei, show, won[0]).await.expect("paid");
    assert_eq!((paid.order.state, paid.order.totals.total), (OrderState::Paid, dollars(18_810 + 1_200)));

    // The last unit: two press the button, exactly one gets it, and the other is told.
    let (one, other) = tokio::join!(boutique.buys(&ann, show, number, scarf), boutique.buys(&mei, show, number, scarf));
    let (won, lost): (Vec<_>, Vec<_>) = [one, other].into_iter().partition(Result::is_ok);
    let told: Vec<Code> = lost.into_iter().filter_map(|answer| answer.err().map(|problem| problem.code)).collect();
    assert_eq!((won.len(), told), (1, vec![Code::SoldOut]));

    // End: in two steps; the room says so, and the figures are what was sold.
    assert_eq!(
        lifecycle::end(app, host, show, false).await.map_err(|problem| problem.code),
        Err(Code::EndNotConfirmed)
    );
    let ended = lifecycle::end(app, host, show, true).await.expect("ended");
    assert!(matches!(ended.lifecycle, Lifecycle::Ended { .. }));
    assert_eq!(anns.event("show_state").await["state"], "ended");
    let takings = figures::takings(app, &ended).await.expect("takings");
    assert_eq!((takings.orders, takings.gmv), (4, vec![dollars(9_000 + 9_900 + 18_810 + 19_800)]));
    assert_eq!(figures::facts(app, &ended, Stage::Live).await.expect("facts").messages, 1);
}

async fn enter_rehearsal(boutique: &Boutique, show: ShowId, who: &Actor) -> Option<Code> {
    let room = RoomKey { show, stage: Stage::Rehearsal };
    enter::enter(boutique.app(), who, room, None, Language::english()).await.err().map(|problem| problem.code)
}
