//! The promises of [`Objects`]: what was put is there whole, under its own key alone, until it is removed.

use bytes::Bytes;

use crate::ports::Objects;

/// Larger than one write, and than what a store might take in one piece without saying so.
const LARGE: usize = 9 << 20;

/// Runs every check against an empty store.
///
/// # Panics
/// When a promise is broken.
pub async fn check(objects: &impl Objects) {
    let (one, two) = (Bytes::from_static(b"one"), Bytes::from_static(b"two, longer than the first"));
    let key = "recordings/01ABC/0.m4s";
    assert_eq!(objects.get(key).await, Ok(None), "nothing yet");
    objects.put(key, two.clone()).await.expect("written");
    assert_eq!(objects.get(key).await, Ok(Some(two.clone())));
    objects.put(key, one.clone()).await.expect("replaced");
    assert_eq!(objects.get(key).await, Ok(Some(one.clone())), "a shorter one replaces it whole");

    // Names that begin alike, and every character that a key may have.
    for other in ["recordings/01ABC/0.m4", "recordings/01ABC/00.m4s", "a", "A/b/c/d/Z_9-.x"] {
        assert_eq!(objects.get(other).await, Ok(None), "{other}");
    }
    for other in ["recordings/01ABC/00.m4s", "A/b/c/d/Z_9-.x"] {
        objects.put(other, two.clone()).await.expect("written");
        assert_eq!(objects.get(other).await, Ok(Some(two.clone())), "{other}");
    }
    assert_eq!(objects.get(key).await, Ok(Some(one)), "the others left it alone");

    let large: Bytes = (0..LARGE).map(|place| (place % 251) as u8).collect::<Vec<_>>().into();
    for (name, bytes) in [("sizes/empty", Bytes::new()), ("sizes/large", large)] {
        objects.put(name, bytes.clone()).await.expect("written");
        assert!(objects.get(name).await == Ok(Some(bytes)), "{name} comes back as it was");
    }

    objects.remove(key).await.expect("removed");
    objects.remove(key).await.expect("removed before");
    assert_eq!(objects.get(key).await, Ok(None));
    assert_eq!(objects.get("recordings/01ABC/00.m4s").await, Ok(Some(two)), "its neighbour stays");

    // No key leads out of the store.
    for wrong in ["../x", "a/../x", "/etc/passwd", "a//b", ".half-0", "a/b/c/d/e/f", "a b", "a%2Fb", ""] {
        assert!(objects.get(wrong).await.is_err(), "{wrong}");
        assert!(objects.put(wrong, Bytes::new()).await.is_err(), "{wrong}");
        assert!(objects.remove(wrong).await.is_err(), "{wrong}");
    }
    let free = objects.free_bytes();
    assert!(free.is_none_or(|free| free > 0), "{free:?}");
}
