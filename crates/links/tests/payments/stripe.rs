//! What only Stripe does: challenges, banks that answer later, failures that are repeated under their key, amounts in units
//! of its own.

use app::conformance::payments::Bank;
use app::ports::{Next, NoAnswer, PaymentRequest, Payments, Status};
use kernel::{Currency, Language, Millis, Money, PaymentId, Random};
use links::Secret;
use links::stripe_fake::{Buys, Fault};
use shop::payment::{EventKind, Method};

use crate::banks::StripeBank;

pub const AMOUNT: Money = Money::new(19_800, Currency::USD);

pub fn request(bank: &StripeBank, seed: u64, amount: Money) -> PaymentRequest {
    let payment = PaymentId::mint(bank.now(), &mut Random::seeded(seed));
    PaymentRequest {
        payment,
        amount,
        method: bank.method(),
        merchant: "Maison Claire".into(),
        order_number: "2611-K7QM-2X4R".into(),
        return_url: format!("https://shop.example/orders/{payment}?key=a&b=c d"),
        language: Language::chinese(),
        until: bank.now() + Millis::from_mins(10),
        keep: false,
        using: None,
        sandbox: None,
    }
}

pub async fn opened(bank: &StripeBank, seed: u64) -> PaymentId {
    let request = request(bank, seed, AMOUNT);
    let payment = request.payment;
    bank.stripe.start(request).await.expect("opened");
    payment
}

fn kinds(status: &Status) -> Vec<EventKind> {
    status.events.iter().map(|event| event.kind).collect()
}

async fn status(bank: &StripeBank, payment: PaymentId) -> Status {
    bank.stripe.status(payment).await.expect("answers").expect("known")
}

#[tokio::test]
async fn each_way_through_the_page_shows_what_happened() {
    use EventKind::{Authorised, Declined};
    let bank = StripeBank::open(Method::Card).await;
    let mut seed = 0;
    let mut check = async |ways: &[Buys], expected: &[EventKind], open: bool| {
        seed += 1;
        let payment = opened(&bank, seed).await;
        for way in ways {
            bank.fake.buy(payment, *way);
        }
        let status = status(&bank, payment).await;
        let goes_on = matches!(status.next, Next::Redirect(_));
        assert_eq!((kinds(&status).as_slice(), goes_on), (expected, open), "{ways:?}");
    };
    check(&[], &[], true).await;
    check(&[Buys::Approved], &[Authorised], false).await;
    check(&[Buys::ApplePay], &[Authorised], false).await;
    check(&[Buys::GooglePay], &[Authorised], false).await;
    check(&[Buys::ChallengePassed], &[Authorised], false).await;
    check(&[Buys::ChallengeFailed], &[], true).await;
    check(&[Buys::ChallengeLeft], &[], true).await;
    check(&[Buys::ChallengeLeft, Buys::ChallengePassed], &[Authorised], false).await;
    check(&[Buys::Declined, Buys::Declined, Buys::ApplePay], &[Declined, Declined, Authorised], false).await;
    check(&[Buys::Later], &[], false).await;
}

#[tokio::test]
async fn a_tab_closed_in_the_middle_of_a_challenge_leaves_nothing_open() {
    let bank = StripeBank::open(Method::Card).await;
    let payment = opened(&bank, 1).await;
    bank.fake.buy(payment, Buys::ChallengeLeft);
    let closed = bank.stripe.void(payment, AMOUNT).await.expect("closed");
    assert_eq!((kinds(&closed), closed.next), (vec![EventKind::Voided], Next::Done));
    bank.fake.buy(payment, Buys::ChallengePassed);
    assert_eq!(bank.fake.charged(payment), (0, 0));
}

#[tokio::test]
async fn a_page_that_ran_out_is_closed() {
    let bank = StripeBank::open(Method::Card).await;
    let payment = opened(&bank, 1).await;
    bank.clock.pass(Millis::from_mins(32));
    bank.fake.buy(payment, Buys::Approved);
    let status = status(&bank, payment).await;
    assert_eq!((kinds(&status), status.next), (vec![EventKind::Voided], Next::Done));
    assert_eq!(bank.fake.charged(payment), (0, 0));
}

#[tokio::test]
async fn a_bank_that_answers_later_is_waited_for() {
    let check = async |method, paid, expected: &[EventKind]| {
        let bank = StripeBank::open(method).await;
        let payment = opened(&bank, 1).await;
        bank.fake.buy(payment, Buys::Later);
        let closing = bank.stripe.void(payment, AMOUNT).await;
        assert!(closing.is_err() || closing.is_ok_and(|status| status.events.is_empty()), "it cannot be closed yet");
        bank.fake.settle_later(payment, paid);
        assert_eq!(kinds(&status(&bank, payment).await), expected, "{method:?} {paid}");
        let closed = bank.stripe.void(payment, AMOUNT).await.expect("closed, or taken");
        assert_eq!(
            closed.events.iter().any(|event| event.kind == EventKind::Voided),
            !expected.contains(&EventKind::Captured)
        );
    };
    check(Method::Alipay, true, &[EventKind::Captured]).await;
    check(Method::WechatPay, false, &[EventKind::Declined]).await;
    check(Method::Card, true, &[EventKind::Authorised]).await;
}

#[tokio::test]
async fn held_money_that_is_let_go_is_no_refund() {
    let bank = StripeBank::open(Method::Card).await;
    let payment = opened(&bank, 1).await;
    bank.fake.buy(payment, Buys::Approved);
    let closed = bank.stripe.void(payment, AMOUNT).await.expect("closed");
    assert_eq!(kinds(&closed), [EventKind::Authorised, EventKind::Voided]);
}

#[tokio::test]
async fn a_failure_that_stripe_repeats_is_got_past() {
    let bank = StripeBank::open(Method::Card).await;
    for (seed, fault) in
        [Fault::BrokenBefore, Fault::BrokenAfter, Fault::Busy, Fault::AnswerLost].into_iter().enumerate()
    {
        let payment = opened(&bank, seed as u64).await;
        bank.fake.buy(payment, Buys::Approved);
        // The look before it goes well.
        let failing = if fault == Fault::AnswerLost || fault == Fault::BrokenAfter { vec![fault] } else { vec![] };
        bank.fake.fail_next(failing);
        drop(bank.stripe.capture(payment).await);
        bank.clock.pass(Millis::from_mins(1));
        let captured = bank.stripe.capture(payment).await.expect("captured");
        assert_eq!(kinds(&captured), [EventKind::Authorised, EventKind::Captured], "{fault:?}");
        assert_eq!(bank.fake.charged(payment), (19_800, 0), "{fault:?}");

        bank.fake.fail_next([fault]);
        let first = bank.stripe.refund(payment, AMOUNT, "refund").await;
        assert!(first.is_err(), "{fault:?}");
        drop(bank.stripe.refund(payment, AMOUNT, "refund").await);
        let back = bank.fake.charged(payment).1;
        assert!(back == 19_800 || (back == 0 && fault == Fault::BrokenBefore), "{fault:?}: {back}");
    }
}

#[tokio::test]
async fn an_opening_that_failed_was_shown_to_nobody() {
    let bank = StripeBank::open(Method::Card).await;
    for (seed, fault) in [Fault::BrokenBefore, Fault::BrokenAfter, Fault::AnswerLost].into_iter().enumerate() {
        let request = request(&bank, seed as u64, AMOUNT);
        bank.fake.fail_next([fault]);
        assert!(bank.stripe.start(request.clone()).await.is_err());
        assert_eq!(
            status(&bank, request.payment).await,
            Status { next: Next::Done, events: Vec::new(), payer: None, kept: None }
        );
        let closed = bank.stripe.void(request.payment, AMOUNT).await.expect("closed");
        assert_eq!(kinds(&closed), [EventKind::Voided], "{fault:?}");
        assert_eq!(kinds(&bank.stripe.start(request.clone()).await.expect("answers")), [EventKind::Voided]);
        assert!(bank.fake.opened(request.payment) <= 1);
    }
}

#[tokio::test]
async fn a_refund_that_the_bank_sends_back_is_tried_again_a_few_times() {
    let bank = StripeBank::open(Method::Alipay).await;
    let payment = opened(&bank, 1).await;
    bank.fake.buy(payment, Buys::Approved);
    for _ in 0..3 {
        let status = bank.stripe.refund(payment, AMOUNT, "refund").await.expect("on its way");
        let refund = status.events.iter().find(|event| event.kind == EventKind::Refunded).expect("a refund");
        bank.fake.fail_refund(&refund.reference);
        assert_eq!(bank.fake.charged(payment), (19_800, 0), "it came back");
    }
    let given_up = bank.stripe.refund(payment, AMOUNT, "refund").await.expect_err("enough");
    assert!(given_up.to_string().contains("by hand"), "{given_up}");
}

#[tokio::test]
async fn amounts_are_exact_in_every_currency() {
    let bank = StripeBank::open(Method::Card).await;
    let mut seed = 40;
    let mut check = async |minor: i64, code: &str, theirs: &str| {
        seed += 1;
        let amount = Money::new(minor, code.parse().expect("a currency"));
        let request = request(&bank, seed, amount);
        let payment = request.payment;
        bank.stripe.start(request).await.expect("opened");
        let form = bank.fake.form(payment);
        let sent = (&form["line_items[0][price_data][unit_amount]"], &form["line_items[0][price_data][currency]"]);
        assert_eq!(sent, (&theirs.to_owned(), &code.to_lowercase()));
        bank.fake.buy(payment, Buys::Approved);
        let status = bank.stripe.capture(payment).await.expect("captured");
        let captured = status.events.iter().find(|event| event.kind == EventKind::Captured).expect("captured");
        assert_eq!(captured.amount, amount);
    };
    check(19_800, "USD", "19800").await;
    check(198_000, "JPY", "198000").await;
    check(27_000, "ISK", "2700000").await;
    check(61_230, "KWD", "61230").await;
    check(9_999_900, "MGA", "99999").await;
}

#[tokio::test]
async fn the_page_says_whose_it_is_and_brings_the_buyer_back() {
    let bank = StripeBank::open(Method::WechatPay).await;
    let request = request(&bank, 1, AMOUNT);
    let payment = request.payment;
    let started = bank.stripe.start(request.clone()).await.expect("opened");
    assert_eq!(started.next, Next::Redirect(format!("{}/c/pay/cs_test_{:024}", bank.fake.url(), 1)));
    let form = bank.fake.form(payment);
    let check = |name: &str, expected: &str| assert_eq!(form[name], expected, "{name}");
    check("payment_method_types[0]", "wechat_pay");
    check("payment_intent_data[capture_method]", "automatic");
    check("success_url", &request.return_url);
    check("cancel_url", &request.return_url);
    check("metadata[payment]", &payment.to_string());
    check("locale", "zh");
    check("line_items[0][price_data][product_data][name]", "Maison Claire · 2611-K7QM-2X4R");
}

#[tokio::test]
async fn a_wrong_key_or_no_stripe_at_all_is_no_answer() {
    let bank = StripeBank::open(Method::Card).await;
    let other = StripeBank::open(Method::Card).await;
    let silent = |url: &str, key: &str| {
        let settings = links::StripeSettings {
            url: url.into(),
            key: Secret::new(key),
            webhook_secrets: Vec::new(),
            methods: vec![Method::Card],
        };
        let notes = std::sync::Arc::new(app::memory::MemoryPaymentNotes::default());
        links::Stripe::new(settings, bank.clock.clone(), notes).expect("certificates")
    };
    let refused = silent(&other.fake.url(), "sk_live_wrong").start(request(&bank, 1, AMOUNT)).await;
    let NoAnswer(why) = refused.expect_err("the key is wrong");
    assert!(why.contains("401") && !why.contains("sk_live_wrong"), "{why}");
    let NoAnswer(why) =
        silent("http://127.0.0.1:1", "sk_live_secret").start(request(&bank, 2, AMOUNT)).await.expect_err("nobody");
    assert!(!why.contains("sk_live") && !why.contains("127.0.0.1"), "{why}");
    assert_eq!(format!("{:?}", Secret::new("sk_live_secret\n")), "Secret(…)");
}
