//! Stripe's messages: believed for their signature, read for whom they are about.

use app::conformance::payments::Bank;
use app::ports::{Heard, Payments, Unheard};
use kernel::{Millis, PaymentId, Timestamp};
use links::stripe_fake::{Buys, Fault, Message};
use shop::payment::{DisputeState, Method};

use crate::banks::StripeBank;
use crate::stripe::{AMOUNT, opened};

async fn heard(bank: &StripeBank, message: &Message) -> Result<Heard, Unheard> {
    bank.stripe.hear(message.body.as_bytes(), &bank.fake.signature(&message.body)).await
}

fn about(message: &Message, payment: PaymentId) -> Result<Heard, Unheard> {
    Ok(Heard::Payment { event: message.id.clone(), payment })
}

#[tokio::test]
async fn every_message_about_a_payment_names_it() {
    let bank = StripeBank::open(Method::Card).await;
    let payment = opened(&bank, 1).await;
    bank.fake.buy(payment, Buys::Declined);
    bank.fake.buy(payment, Buys::Approved);
    bank.stripe.capture(payment).await.expect("captured");
    bank.stripe.refund(payment, AMOUNT, "refund").await.expect("given back");
    let messages = bank.fake.messages();
    let kinds: Vec<&str> = messages.iter().map(|message| message.kind.as_str()).collect();
    for kind in ["charge.failed", "checkout.session.completed", "payment_intent.succeeded", "charge.refunded"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    for message in messages.iter().rev() {
        assert_eq!(heard(&bank, message).await, about(message, payment), "{}", message.kind);
    }
}

#[tokio::test]
async fn a_dispute_is_followed_to_its_payment() {
    let bank = StripeBank::open(Method::Card).await;
    let payment = opened(&bank, 1).await;
    bank.fake.buy(payment, Buys::Approved);
    bank.stripe.capture(payment).await.expect("captured");
    let check = async |state: DisputeState, answer_by: Option<Timestamp>| {
        let message = bank.fake.messages().pop().expect("a message");
        bank.fake.fail_next([Fault::Busy]);
        assert!(matches!(heard(&bank, &message).await, Err(Unheard::NoAnswer(_))), "it is sent again later");
        let Ok(Heard::Dispute { event, dispute }) = heard(&bank, &message).await else { panic!("{message:?}") };
        assert_eq!((event, dispute.payment, dispute.amount), (message.id, payment, AMOUNT));
        assert_eq!((dispute.state, dispute.answer_by, dispute.opened_at), (state, answer_by, bank.now()));
        assert_eq!(dispute.page, format!("https://dashboard.stripe.com/disputes/{}", dispute.reference));
    };
    bank.fake.dispute(payment);
    check(DisputeState::NeedsAnswer, Some(bank.now() + Millis::from_days(7))).await;
    bank.fake.end_dispute(payment, false);
    check(DisputeState::Lost, None).await;
}

#[tokio::test]
async fn what_is_not_ours_is_nothing() {
    let bank = StripeBank::open(Method::Card).await;
    let check = async |body: &str, expected: Result<Heard, Unheard>| {
        let signature = bank.fake.signature(body);
        assert_eq!(bank.stripe.hear(body.as_bytes(), &signature).await, expected, "{body}");
    };
    let nothing = || Ok(Heard::Nothing);
    check(r#"{"id":"evt_1","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#, nothing()).await;
    check(r#"{"id":"evt_1","type":"payment_intent.succeeded","data":{}}"#, nothing()).await;
    check(r#"{"id":"evt_1","type":"charge.failed","data":{"object":{"metadata":{"payment":"x"}}}}"#, nothing()).await;
    let foreign = r#"{"id":"evt_1","type":"charge.dispute.created","data":{"object":{"id":"dp_other"}}}"#;
    check(foreign, nothing()).await;
    let path = r#"{"id":"evt_1","type":"charge.failed","data":{"object":{"payment_intent":"pi_/../x"}}}"#;
    check(path, nothing()).await;
    check("{}", Err(Unheard::Unreadable)).await;
    check("", Err(Unheard::Unreadable)).await;
    check("[", Err(Unheard::Unreadable)).await;
}

#[tokio::test]
async fn a_message_with_a_wrong_or_old_signature_is_not_believed() {
    let bank = StripeBank::open(Method::Card).await;
    let payment = opened(&bank, 1).await;
    bank.fake.buy(payment, Buys::Approved);
    let message = bank.fake.messages().pop().expect("a message");
    let signature = bank.fake.signature(&message.body);
    let check = async |body: &str, signature: &str| {
        let answer = bank.stripe.hear(body.as_bytes(), signature).await;
        assert_eq!(answer, Err(Unheard::BadSignature), "{signature}");
    };
    check(&message.body, "").await;
    check(&message.body, "t=1,v1=00").await;
    check(&message.body.replace("evt_", "evt-"), &signature).await;
    let now = bank.now();
    bank.clock.pass(Millis::from_secs(300));
    assert_eq!(bank.stripe.hear(message.body.as_bytes(), &signature).await, about(&message, payment));
    bank.clock.pass(Millis::from_secs(1));
    assert!(bank.now() > now);
    check(&message.body, &signature).await;
}
