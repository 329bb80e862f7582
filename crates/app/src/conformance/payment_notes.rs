//! The promises of [`PaymentNotes`]: one note a payment; the provider's name and our closing shut each other out.

use kernel::{Currency, Millis, Money, PaymentId, Random};
use shop::payment::Method;

use super::till::NOW;
use crate::ports::{PaymentNote, PaymentNotes};

/// Runs every check against empty tables.
///
/// # Panics
/// When a promise is broken.
pub async fn check(notes: &impl PaymentNotes) {
    let mut random = Random::seeded(31);
    let mut fresh = |method| PaymentNote {
        payment: PaymentId::mint(NOW, &mut random),
        provider: "stripe".into(),
        amount: Money::new(9_000_000_000_000, Currency::JPY),
        method,
        opened_at: NOW,
        reference: None,
        closed_at: None,
    };
    let named = fresh(Some(Method::WechatPay));
    assert_eq!(notes.note(named.payment).await, Ok(None));
    assert_eq!(notes.name(named.payment, "cs_0").await, Ok(None), "nothing to name yet");
    assert_eq!(notes.close(named.payment, NOW).await, Ok(None), "nothing to close yet");
    assert_eq!(notes.begin(named.clone()).await, Ok(named.clone()));
    let other = PaymentNote { amount: Money::new(1, Currency::USD), method: None, ..named.clone() };
    assert_eq!(notes.begin(other).await, Ok(named.clone()), "the first note stays");

    let expected = PaymentNote { reference: Some("cs_1".into()), ..named.clone() };
    assert_eq!(notes.name(named.payment, "cs_1").await, Ok(Some(expected.clone())));
    assert_eq!(notes.name(named.payment, "cs_2").await, Ok(Some(expected.clone())), "a name is given once");
    assert_eq!(notes.close(named.payment, NOW).await, Ok(Some(expected.clone())), "what has a name is not closed here");
    assert_eq!(notes.note(named.payment).await, Ok(Some(expected)));

    let closed = fresh(None);
    notes.begin(closed.clone()).await.expect("written");
    let expected = PaymentNote { closed_at: Some(NOW), ..closed.clone() };
    assert_eq!(notes.close(closed.payment, NOW).await, Ok(Some(expected.clone())));
    let later = notes.close(closed.payment, NOW + Millis::from_secs(1)).await;
    assert_eq!(later, Ok(Some(expected.clone())), "it was closed before");
    assert_eq!(notes.name(closed.payment, "cs_3").await, Ok(Some(expected.clone())), "closed, it gets no name");
    assert_eq!(notes.note(closed.payment).await, Ok(Some(expected)));
}
