//! Publishing by WHIP (RFC 9725), as far as HTTP goes: what is taken, what is refused and by which name.

use reqwest::{Method, StatusCode};

use crate::floor::Floor;
use crate::house::{Answer, Browser};

/// What Chromium offers for a camera and a microphone.
const OFFER: &str = include_str!("../../../../fuzz/kept/offers/chromium");

async fn publish(encoder: &Browser, bearer: Option<&str>, offer: &str) -> Answer {
    let request = encoder.request(Method::POST, "/whip").header("content-type", "application/sdp");
    let request = bearer.map_or(request.try_clone().expect("plain"), |key| request.bearer_auth(key));
    encoder.send(request.body(offer.to_owned())).await
}

async fn trickle(encoder: &Browser, session: &str, fragment: String) -> Answer {
    let request = encoder.client.patch(format!("{}{session}", encoder.base));
    encoder.send(request.header("content-type", "application/trickle-ice-sdpfrag").body(fragment)).await
}

#[tokio::test]
async fn a_browser_publishes_with_the_shows_key_and_is_refused_by_name() {
    let floor = Floor::planned().await;
    let key = floor.shop.office.get(&format!("/shows/{}/stream-key", floor.show)).await.expect(StatusCode::OK);
    let own = key["stream_key"].as_str().expect("a key");
    let key = Some(own);
    let encoder = floor.house.browser();

    let only = |codec: &str| OFFER.lines().filter(|line| !line.contains(codec)).collect::<Vec<_>>().join("\r\n");
    for (bearer, offer, problem) in [
        (None, OFFER, (401, "stream_key_unknown")),
        (Some("wrong"), OFFER, (401, "stream_key_unknown")),
        (key, "hello", (422, "picture_not_offered")),
        (key, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\n", (400, "offer_not_readable")),
        (key, &only("H264"), (422, "picture_codec_not_taken")),
        (key, &only("opus"), (422, "sound_codec_not_taken")),
        (
            key,
            &format!("{OFFER}{}", &OFFER[OFFER.find("m=video").expect("a picture")..]),
            (422, "several_pictures_offered"),
        ),
    ] {
        let answer = publish(&encoder, bearer, offer).await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), problem, "{}", answer.body);
    }
    let plain = encoder.request(Method::POST, "/whip").bearer_auth(own).body(OFFER);
    assert_eq!(encoder.send(plain).await.problem(), (400, "offer_not_readable".to_owned()), "it is no application/sdp");

    let taken = publish(&encoder, key, OFFER).await;
    assert_eq!(
        (taken.status, taken.headers["content-type"].as_bytes()),
        (StatusCode::CREATED, &b"application/sdp"[..])
    );
    let session = taken.headers["location"].to_str().expect("an address").to_owned();
    assert_eq!(publish(&encoder, key, OFFER).await.problem(), (409, "already_publishing".to_owned()));
    let names = |name: &str| OFFER.lines().find(|line| line.starts_with(name)).expect("credentials").to_owned();
    let own = format!("{}\r\n{}\r\n", names("a=ice-ufrag:"), names("a=ice-pwd:"));
    let more = format!("{own}a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n");
    assert_eq!(trickle(&encoder, &session, more).await.status, StatusCode::NO_CONTENT);
    let restart = "a=ice-ufrag:another\r\na=ice-pwd:a-password-of-more-than-22\r\n".to_owned();
    assert_eq!(trickle(&encoder, &session, restart).await.problem(), (422, "restart_not_taken".to_owned()));
    let end = |session: String| {
        let encoder = &encoder;
        async move { encoder.send(encoder.client.delete(format!("{}{session}", encoder.base))).await }
    };
    assert_eq!(end(session.clone()).await.status, StatusCode::OK);
    // The stage is free once the session has said goodbye.
    let again = loop {
        let again = publish(&encoder, key, OFFER).await;
        if again.problem().1 != "already_publishing" {
            break again;
        }
    };
    assert_eq!(again.status, StatusCode::CREATED);
    assert_eq!(end(session).await.problem(), (404, "not_found".to_owned()));

    floor.step("go-live").await;
    floor.step("end").await;
    assert_eq!(publish(&encoder, key, OFFER).await.problem(), (409, "show_has_ended".to_owned()));
}
