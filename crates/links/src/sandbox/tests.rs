use kernel::{Currency, Language, Millis, Random, Timestamp};
use shop::payment::EventKind;

use super::*;

#[derive(Debug)]
struct HandClock(Mutex<Timestamp>);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("a clock")
    }
}

struct Town {
    folder: tempfile::TempDir,
    clock: Arc<HandClock>,
    random: Random,
}

impl Town {
    fn new() -> Self {
        let clock = Arc::new(HandClock(Mutex::new(Timestamp::from_unix_millis(1_795_348_800_000))));
        Self { folder: tempfile::tempdir().expect("a folder"), clock, random: Random::seeded(8) }
    }

    fn sandbox(&self) -> Sandbox {
        self.sandbox_of(MAX_PAYMENTS)
    }

    /// One that remembers so many payments.
    fn sandbox_of(&self, most: usize) -> Sandbox {
        let settings = SandboxSettings {
            file: self.folder.path().join("sandbox.jsonl"),
            public_url: "https://shop.example".into(),
            webhook: None,
            secret: [1; 32],
        };
        Sandbox::open_with(settings, self.clock.clone(), most).expect("the sandbox opens")
    }

    fn request(&mut self, sandbox: Option<SandboxOutcome>) -> PaymentRequest {
        PaymentRequest {
            payment: PaymentId::mint(self.clock.now(), &mut self.random),
            amount: Money::new(19_800, Currency::USD),
            method: Method::Sandbox,
            merchant: "Maison".into(),
            order_number: "2611-K7QM-2X4R".into(),
            return_url: "https://shop.example/orders/1".into(),
            language: Language::english(),
            until: self.clock.now() + Millis::from_mins(10),
            keep: false,
            using: None,
            sandbox,
        }
    }
}

fn kinds(status: &Status) -> Vec<EventKind> {
    status.events.iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn what_was_answered_outlives_the_process() {
    let mut town = Town::new();
    let request = town.request(Some(SandboxOutcome::Approve));
    let payment = request.payment;
    {
        let sandbox = town.sandbox();
        assert_eq!(kinds(&sandbox.start(request.clone()).await.expect("opened")), [EventKind::Authorised]);
        sandbox.capture(payment).await.expect("captured");
    }
    std::fs::OpenOptions::new()
        .append(true)
        .open(town.folder.path().join("sandbox.jsonl"))
        .and_then(|mut file| std::io::Write::write_all(&mut file, b"{\"payment\":\"cut o"))
        .expect("half a line");
    for _ in 0..2 {
        let sandbox = town.sandbox();
        let again = sandbox.start(request.clone()).await.expect("known");
        assert_eq!(kinds(&again), [EventKind::Authorised, EventKind::Captured]);
        let twice = sandbox.capture(payment).await.expect("known");
        assert_eq!(kinds(&twice), [EventKind::Authorised, EventKind::Captured], "captured once");
    }
}

#[tokio::test]
async fn each_outcome_shows_what_it_says() {
    let mut town = Town::new();
    let sandbox = town.sandbox();
    let mut check = async |outcomes: &[SandboxOutcome], wait: Millis, state: &str, expected: &[EventKind]| {
        let request = town.request(None);
        let payment = request.payment;
        let started = sandbox.start(request).await.expect("opened");
        assert_eq!(started.next, Next::Redirect(format!("https://shop.example/sandbox/pay/{payment}")));
        for outcome in outcomes {
            sandbox.decide(payment, *outcome).await.expect("decided");
        }
        *town.clock.0.lock().expect("a clock") = town.clock.now() + wait;
        let shown = sandbox.look(payment).await.expect("answers").expect("known");
        let status = sandbox.status(payment).await.expect("answers").expect("known");
        assert_eq!((shown.state, kinds(&status).as_slice()), (state, expected), "{outcomes:?}");
    };
    use EventKind::{Authorised, Declined};
    use SandboxOutcome::{Approve, Challenge, Decline, Never, Slow};
    check(&[], Millis(0), "open", &[]).await;
    check(&[Approve], Millis(0), "approved", &[Authorised]).await;
    check(&[Approve, Decline], Millis(0), "approved", &[Authorised]).await;
    check(&[Decline], Millis(0), "declined", &[Declined]).await;
    check(&[Decline, Approve], Millis(0), "approved", &[Declined, Authorised]).await;
    check(&[Challenge], Millis(0), "challenged", &[]).await;
    check(&[Challenge, Approve], Millis(0), "approved", &[Authorised]).await;
    check(&[Slow], Millis(0), "processing", &[]).await;
    check(&[Slow], book::SLOW, "approved", &[Authorised]).await;
    check(&[Never], Millis::from_days(1), "processing", &[]).await;
}

#[tokio::test]
async fn money_goes_back_once_a_key_and_never_beyond_what_came() {
    let mut town = Town::new();
    let sandbox = town.sandbox();
    let request = town.request(Some(SandboxOutcome::Approve));
    let payment = request.payment;
    sandbox.start(request).await.expect("opened");
    let usd = |minor| Money::new(minor, Currency::USD);
    let refunded = async |minor: i64, key: &str| {
        let status = sandbox.refund(payment, usd(minor), key).await.expect("answers");
        let refunds = status.events.iter().filter(|event| event.kind == EventKind::Refunded);
        refunds.map(|event| event.amount.minor).sum::<i64>()
    };
    assert_eq!(refunded(100, "early").await, 0, "nothing was captured yet");
    sandbox.capture(payment).await.expect("captured");
    assert_eq!(refunded(10_000, "a").await, 10_000);
    assert_eq!(refunded(10_000, "a").await, 10_000);
    assert_eq!(refunded(10_000, "b").await, 10_000);
    assert_eq!(refunded(9_800, "c").await, 19_800);
    assert!(!kinds(&sandbox.void(payment, usd(19_800)).await.expect("answers")).contains(&EventKind::Voided));
}

#[tokio::test]
async fn a_closed_payment_takes_no_money() {
    let mut town = Town::new();
    let sandbox = town.sandbox();
    let (mut open, unheard) = (town.request(None), town.request(Some(SandboxOutcome::Approve)));
    let (closed, amount) = (open.payment, open.amount);
    sandbox.start(open.clone()).await.expect("opened");
    for payment in [closed, unheard.payment] {
        assert_eq!(kinds(&sandbox.void(payment, amount).await.expect("closed")), [EventKind::Voided]);
    }
    sandbox.decide(closed, SandboxOutcome::Approve).await.expect("answers");
    open.sandbox = Some(SandboxOutcome::Approve);
    for request in [open, unheard] {
        let again = sandbox.start(request).await.expect("answers");
        assert_eq!((kinds(&again), again.next), (vec![EventKind::Voided], Next::Done));
    }
}

#[tokio::test]
async fn its_file_is_bounded_by_what_it_remembers_and_open_payments_stay() {
    let mut town = Town::new();
    let file = town.folder.path().join("sandbox.jsonl");
    let lines = || std::fs::read_to_string(&file).expect("the file").lines().count();
    let open = town.request(None);
    town.sandbox_of(3).start(open.clone()).await.expect("opened");
    let mut last = Vec::new();
    for _ in 0..4 {
        let sandbox = town.sandbox_of(3);
        for _ in 0..5 {
            *town.clock.0.lock().expect("a clock") = town.clock.now() + Millis::from_secs(1);
            let request = town.request(Some(SandboxOutcome::Approve));
            sandbox.start(request.clone()).await.expect("opened");
            sandbox.capture(request.payment).await.expect("captured");
            last.push(request.payment);
        }
    }
    assert_eq!(lines(), 1 + 2 * 3 + 5 * 3, "two are remembered from the last start, and five are new");
    let sandbox = town.sandbox_of(3);
    assert_eq!(lines(), 1 + 2 * 3);
    for payment in &last[18..] {
        let known = sandbox.status(*payment).await.expect("asked").expect("known");
        assert_eq!(kinds(&known), [EventKind::Authorised, EventKind::Captured]);
    }
    assert_eq!(sandbox.status(last[0]).await.expect("asked"), None);
    // The one that was never decided is still open, and goes on.
    sandbox.decide(open.payment, SandboxOutcome::Approve).await.expect("decided").expect("known");
    assert_eq!(
        kinds(&sandbox.capture(open.payment).await.expect("captured")),
        [EventKind::Authorised, EventKind::Captured]
    );
    assert_eq!(lines(), 1 + 2 * 3 + 2);
}
