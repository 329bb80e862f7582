//! Objects keep the port's promises in a folder, and in a real store that speaks S3.

use app::conformance::objects::check;
use app::ports::Objects;
use bytes::Bytes;
use links::StoredObjects;
use links::s3_server::S3Server;

#[tokio::test]
async fn a_folder_keeps_its_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let objects = StoredObjects::folder(&folder.path().join("objects")).expect("made");
    check(&objects).await;
    assert!(objects.free_bytes().is_some(), "the disk guard can ask");
}

#[tokio::test]
async fn a_store_that_speaks_s3_keeps_its_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = S3Server::start(folder.path()).await else { return };
    let objects = StoredObjects::s3(&server.address("shop")).expect("an address");
    check(&objects).await;
    assert_eq!(objects.free_bytes(), None, "nobody knows how large a rented store is");
}

#[tokio::test]
async fn houses_in_one_bucket_keep_apart_and_a_wrong_secret_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = S3Server::start(folder.path()).await else { return };
    let (one, other) = (server.address("one"), server.address("other"));
    let [one, other] = [one, other].map(|address| StoredObjects::s3(&address).expect("an address"));
    one.put("media/a", Bytes::from_static(b"mine")).await.expect("written");
    assert_eq!(other.get("media/a").await, Ok(None));
    let wrong = StoredObjects::s3(&server.address("one").replace(S3Server::SECRET, "another")).expect("an address");
    let refused = wrong.get("media/a").await.expect_err("a wrong secret");
    assert!(!refused.to_string().contains(S3Server::SECRET), "{refused}");
}
