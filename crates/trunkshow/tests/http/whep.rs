//! Watching by WHEP (draft-ietf-wish-whep), as far as HTTP goes: what is taken, what is refused and by which name.

use reqwest::{Method, StatusCode};

use crate::floor::Floor;
use crate::house::{Answer, Browser};

/// What Chromium offers for a camera and a microphone; who watches takes the same.
const OFFER: &str = include_str!("../../../../fuzz/kept/offers/chromium");

async fn watch(viewer: &Browser, programme: &str, offer: &str) -> Answer {
    let request = viewer.request(Method::POST, &format!("/whep/{programme}"));
    viewer.send(request.header("content-type", "application/sdp").body(offer.to_owned())).await
}

#[tokio::test]
async fn who_knows_the_programme_watches_it_and_is_refused_by_name() {
    let floor = Floor::live().await;
    let viewer = floor.house.browser();
    let seen = viewer.get(&format!("/shows/{}", floor.show)).await.expect(StatusCode::OK);
    let playlist = seen["playback"]["hls"].as_str().expect("an address").to_owned();
    let programme = playlist.split('/').nth(2).expect("a programme");

    let offer = OFFER.replace("a=sendrecv", "a=recvonly").replace("a=sendonly", "a=recvonly");
    let only = |codec: &str| offer.lines().filter(|line| !line.contains(codec)).collect::<Vec<_>>().join("\r\n");
    for (programme, offer, problem) in [
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", offer.as_str(), (404, "not_found")),
        (programme, "hello", (422, "picture_not_shown")),
        (programme, &only("H264"), (422, "picture_not_shown")),
        (programme, &offer.replace("a=recvonly", "a=sendonly"), (422, "picture_not_shown")),
        (programme, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\n", (400, "offer_not_readable")),
    ] {
        let answer = watch(&viewer, programme, offer).await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), problem, "{}", answer.body);
    }
    let plain = viewer.request(Method::POST, &format!("/whep/{programme}")).body(offer.clone());
    assert_eq!(viewer.send(plain).await.problem(), (400, "offer_not_readable".to_owned()), "it is no application/sdp");

    let taken = watch(&viewer, programme, &offer).await;
    assert_eq!(
        (taken.status, taken.headers["content-type"].as_bytes()),
        (StatusCode::CREATED, &b"application/sdp"[..])
    );
    let session = taken.headers["location"].to_str().expect("an address").to_owned();
    let end = async || viewer.send(viewer.client.delete(format!("{}{session}", viewer.base))).await;
    assert_eq!(end().await.status, StatusCode::OK);
    // Somebody who said goodbye is gone in a moment.
    while end().await.status != StatusCode::NOT_FOUND {
        tokio::task::yield_now().await;
    }

    floor.step("end").await;
    assert_eq!(watch(&viewer, programme, &offer).await.problem(), (404, "not_found".to_owned()), "it is over");
}
