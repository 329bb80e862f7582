//! The promises of [`Payments`], whatever its provider: opened once, captured once, refunded once a key, closed for good;
//! and what happened behind a lost answer is told afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Currency, Language, Millis, Money, PaymentId, Random, Timestamp};
use shop::payment::{EventKind, Method, Taking};

use crate::ports::{Next, PaymentRequest, Payments, Status};

/// A provider, and what stands behind it.
#[async_trait]
pub trait Bank: Send + Sync {
    fn payments(&self) -> Arc<dyn Payments>;
    /// How its buyers pay in US dollars.
    fn method(&self) -> Method;
    fn now(&self) -> Timestamp;
    /// The buyer decides on the provider's page; where it is closed, nothing happens.
    async fn decide(&self, payment: PaymentId, approve: bool);
    /// What the buyer's own bank says was (charged, given back), in minor units.
    async fn charged(&self, payment: PaymentId) -> (i64, i64);
    /// The next call has its effect, and its answer is lost.
    fn lose_next_answer(&self);
}

const AMOUNT: Money = Money::new(19_800, Currency::USD);

struct Case<'a, B> {
    bank: &'a B,
    payments: Arc<dyn Payments>,
    taking: Taking,
    random: Random,
}

/// Runs every check with payments of its own.
///
/// # Panics
/// When a promise is broken.
pub async fn check(bank: &impl Bank) {
    let payments = bank.payments();
    let terms = payments.terms(Currency::USD);
    let terms = terms.iter().find(|terms| terms.method == bank.method()).expect("offered in US dollars");
    assert_eq!(terms.fit(AMOUNT), Ok(()));
    let mut case = Case { bank, payments, taking: terms.taking, random: Random::seeded(5) };
    case.nobody_heard_of_it().await;
    case.opened_twice_is_open_once().await;
    case.what_is_approved_is_captured_once().await;
    case.after_a_refusal_another_try_counts().await;
    case.closed_is_closed_for_good().await;
    case.closed_before_it_was_opened().await;
    case.money_goes_back_once_a_key().await;
    case.no_more_goes_back_than_came().await;
    case.behind_lost_answers_everything_happens_once().await;
    case.what_is_kept_is_paid_with_again().await;
}

fn count(status: &Status, kind: EventKind) -> usize {
    status.events.iter().filter(|event| event.kind == kind).count()
}

fn sum(status: &Status, kind: EventKind) -> i64 {
    status.events.iter().filter(|event| event.kind == kind).map(|event| event.amount.minor).sum()
}

fn moved(status: &Status) -> bool {
    use EventKind::{Authorised, Captured, Refunded};
    [Authorised, Captured, Refunded].into_iter().any(|kind| count(status, kind) > 0)
}

impl<B: Bank> Case<'_, B> {
    fn request(&mut self) -> PaymentRequest {
        let payment = PaymentId::mint(self.bank.now(), &mut self.random);
        PaymentRequest {
            payment,
            amount: AMOUNT,
            method: self.bank.method(),
            merchant: "Maison".into(),
            order_number: "2611-K7QM-2X4R".into(),
            return_url: format!("https://shop.example/orders/{payment}?key=k&x=1"),
            language: Language::chinese(),
            until: self.bank.now() + Millis::from_mins(10),
            keep: false,
            using: None,
            sandbox: None,
        }
    }

    async fn status(&self, payment: PaymentId) -> Status {
        let status = self.payments.status(payment).await.expect("answers").expect("known");
        let again = self.payments.status(payment).await.expect("answers").expect("known");
        assert_eq!(again.events, status.events, "the same events, under the same names, in the same order");
        let names: BTreeSet<&str> = status.events.iter().map(|event| event.reference.as_str()).collect();
        assert_eq!(names.len(), status.events.len(), "each event has its own name: {status:?}");
        status
    }

    async fn opened(&mut self) -> PaymentId {
        let request = self.request();
        let payment = request.payment;
        let status = self.payments.start(request).await.expect("opened");
        assert!(matches!(status.next, Next::Redirect(_)), "the buyer goes to the provider's page: {status:?}");
        payment
    }

    async fn held(&mut self) -> PaymentId {
        let payment = self.opened().await;
        self.bank.decide(payment, true).await;
        payment
    }

    async fn captured(&mut self) -> PaymentId {
        let payment = self.held().await;
        if self.taking == Taking::HoldThenCapture {
            self.payments.capture(payment).await.expect("captured");
        }
        payment
    }

    async fn nobody_heard_of_it(&mut self) {
        let payment = self.request().payment;
        assert_eq!(self.payments.status(payment).await, Ok(None));
        assert!(self.payments.capture(payment).await.is_err(), "there is nothing to take");
        assert!(self.payments.refund(payment, AMOUNT, "k").await.is_err(), "there is nothing to give back");
    }

    async fn opened_twice_is_open_once(&mut self) {
        let request = self.request();
        let first = self.payments.start(request.clone()).await.expect("opened");
        let again = self.payments.start(request.clone()).await.expect("open already");
        assert_eq!(first, again);
        assert_eq!(self.status(request.payment).await, first);
        assert!(first.events.is_empty(), "nothing happened yet: {first:?}");
        self.bank.decide(request.payment, true).await;
        self.bank.decide(request.payment, true).await;
        let after = self.payments.start(request.clone()).await.expect("paid already");
        assert_eq!(after.next, Next::Done, "there is nothing left to do for the buyer");
        let expected = if self.taking == Taking::AtOnce { (0, 1) } else { (1, 0) };
        assert_eq!((count(&after, EventKind::Authorised), count(&after, EventKind::Captured)), expected, "{after:?}");
        let charged = if self.taking == Taking::AtOnce { AMOUNT.minor } else { 0 };
        assert_eq!(self.bank.charged(request.payment).await, (charged, 0));
    }

    async fn what_is_approved_is_captured_once(&mut self) {
        let payment = self.held().await;
        for _ in 0..3 {
            let status = self.payments.capture(payment).await.expect("captured");
            assert_eq!(sum(&status, EventKind::Captured), AMOUNT.minor, "{status:?}");
            assert_eq!(status, self.status(payment).await);
        }
        assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 0));
        let voided = self.payments.void(payment, AMOUNT).await.expect("answers");
        assert_eq!(count(&voided, EventKind::Voided), 0, "what was taken stays taken: {voided:?}");
        assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 0));
    }

    async fn after_a_refusal_another_try_counts(&mut self) {
        let payment = self.opened().await;
        self.bank.decide(payment, false).await;
        let refused = self.status(payment).await;
        assert_eq!((count(&refused, EventKind::Declined), moved(&refused)), (1, false), "{refused:?}");
        assert!(matches!(refused.next, Next::Redirect(_)), "another card may be tried: {refused:?}");
        self.bank.decide(payment, true).await;
        let status = self.payments.capture(payment).await.expect("captured");
        assert_eq!(sum(&status, EventKind::Captured), AMOUNT.minor, "{status:?}");
        assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 0));
    }

    async fn closed_is_closed_for_good(&mut self) {
        let request = self.request();
        let open = request.payment;
        self.payments.start(request.clone()).await.expect("opened");
        let mut closed = vec![open];
        if self.taking == Taking::HoldThenCapture {
            closed.push(self.held().await);
        }
        for payment in closed {
            for _ in 0..2 {
                let status = self.payments.void(payment, AMOUNT).await.expect("closed");
                assert_eq!((count(&status, EventKind::Voided), status.next), (1, Next::Done));
            }
            self.bank.decide(payment, true).await;
            drop(self.payments.capture(payment).await);
            assert_eq!(sum(&self.status(payment).await, EventKind::Captured), 0);
            assert_eq!(self.bank.charged(payment).await, (0, 0));
        }
        let again = self.payments.start(request).await.expect("answers");
        assert_eq!((count(&again, EventKind::Voided), again.next), (1, Next::Done));
    }

    async fn closed_before_it_was_opened(&mut self) {
        let request = self.request();
        let payment = request.payment;
        for _ in 0..2 {
            let status = self.payments.void(payment, AMOUNT).await.expect("closed");
            assert_eq!((count(&status, EventKind::Voided), status.next), (1, Next::Done));
        }
        let late = self.payments.start(request).await.expect("answers");
        assert_eq!((count(&late, EventKind::Voided), late.next), (1, Next::Done), "an opening that comes late");
        self.bank.decide(payment, true).await;
        assert_eq!(self.bank.charged(payment).await, (0, 0));
        assert!(!moved(&self.status(payment).await));
    }

    async fn money_goes_back_once_a_key(&mut self) {
        let payment = self.captured().await;
        let part = Money::new(5_000, Currency::USD);
        for _ in 0..3 {
            let status = self.payments.refund(payment, part, "refund:a").await.expect("given back");
            assert_eq!((count(&status, EventKind::Refunded), sum(&status, EventKind::Refunded)), (1, 5_000));
        }
        let status = self.payments.refund(payment, part, "refund:b").await.expect("given back");
        assert_eq!((count(&status, EventKind::Refunded), sum(&status, EventKind::Refunded)), (2, 10_000));
        assert_eq!(self.status(payment).await, status);
        assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 10_000));
    }

    async fn what_is_kept_is_paid_with_again(&mut self) {
        let payment = self.captured().await;
        assert_eq!(self.status(payment).await.kept, None, "nobody asked for it to be kept");
        let keeping = PaymentRequest { keep: true, ..self.request() };
        let first = keeping.payment;
        self.payments.start(keeping).await.expect("opened");
        assert_eq!(self.status(first).await.kept, None, "nobody has paid yet");
        self.bank.decide(first, true).await;
        let keeps = matches!(self.bank.method(), Method::Card | Method::Sandbox);
        let kept = self.status(first).await.kept;
        assert_eq!(kept.is_some(), keeps, "{:?}", self.bank.method());
        let Some(kept) = kept else { return };
        assert_eq!((kept.method, kept.last_four.len()), (self.bank.method(), 4));
        self.payments.capture(first).await.expect("captured");
        for lost in [false, true] {
            let request = PaymentRequest { using: Some(kept.clone()), ..self.request() };
            let payment = request.payment;
            if lost {
                self.bank.lose_next_answer();
                drop(self.payments.start(request.clone()).await);
            }
            for _ in 0..2 {
                let status = self.payments.start(request.clone()).await.expect("paid without a page");
                assert_eq!((status.next.clone(), count(&status, EventKind::Authorised)), (Next::Done, 1), "{status:?}");
            }
            let status = self.payments.capture(payment).await.expect("captured");
            assert_eq!((sum(&status, EventKind::Captured), status.kept), (AMOUNT.minor, None));
            assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 0));
        }
        for _ in 0..2 {
            self.payments.forget(&kept.token).await.expect("let go");
        }
        let request = PaymentRequest { using: Some(kept), ..self.request() };
        let late = request.payment;
        let status = self.payments.start(request).await.expect("answers");
        assert_eq!((count(&status, EventKind::Declined), moved(&status)), (1, false), "{status:?}");
        let closed = self.payments.void(late, AMOUNT).await.expect("closed");
        assert_eq!((count(&closed, EventKind::Voided), self.bank.charged(late).await), (1, (0, 0)));
    }

    async fn no_more_goes_back_than_came(&mut self) {
        let held = self.held().await;
        if self.taking == Taking::HoldThenCapture {
            drop(self.payments.refund(held, AMOUNT, "early").await);
            assert_eq!(self.bank.charged(held).await, (0, 0), "nothing was captured yet");
            self.payments.capture(held).await.expect("captured");
        }
        let most = Money::new(AMOUNT.minor + 1, AMOUNT.currency);
        drop(self.payments.refund(held, most, "more").await);
        assert_eq!(self.bank.charged(held).await, (AMOUNT.minor, 0));
        self.payments.refund(held, AMOUNT, "all").await.expect("given back");
        drop(self.payments.refund(held, Money::new(1, AMOUNT.currency), "one more").await);
        assert_eq!(self.bank.charged(held).await, (AMOUNT.minor, AMOUNT.minor));
        assert_eq!(sum(&self.status(held).await, EventKind::Refunded), AMOUNT.minor);
    }

    async fn behind_lost_answers_everything_happens_once(&mut self) {
        let request = self.request();
        let payment = request.payment;
        self.bank.lose_next_answer();
        assert!(self.payments.start(request.clone()).await.is_err(), "the answer was lost");
        let opened = self.payments.start(request.clone()).await.expect("open already");
        assert!(matches!(opened.next, Next::Redirect(_)), "{opened:?}");
        self.bank.decide(payment, true).await;
        if self.taking == Taking::HoldThenCapture {
            self.bank.lose_next_answer();
            drop(self.payments.capture(payment).await);
        }
        let status = self.status(payment).await;
        assert_eq!(sum(&status, EventKind::Captured), AMOUNT.minor, "asked again, it tells: {status:?}");
        self.payments.capture(payment).await.expect("captured before");
        assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 0));
        for key in ["one", "two"] {
            self.bank.lose_next_answer();
            drop(self.payments.refund(payment, Money::new(100, AMOUNT.currency), key).await);
            self.payments.refund(payment, Money::new(100, AMOUNT.currency), key).await.expect("given back before");
        }
        assert_eq!(self.bank.charged(payment).await, (AMOUNT.minor, 200));

        let lost = self.request();
        self.bank.lose_next_answer();
        drop(self.payments.start(lost.clone()).await);
        let closed = self.payments.void(lost.payment, AMOUNT).await.expect("closed");
        assert_eq!((count(&closed, EventKind::Voided), closed.next), (1, Next::Done));
        let late = self.payments.start(lost.clone()).await.expect("answers");
        // The buyer was never sent to a page, so nobody can pay.
        assert_eq!((count(&late, EventKind::Voided), late.next), (1, Next::Done));
        assert_eq!(self.bank.charged(lost.payment).await, (0, 0));
    }
}
