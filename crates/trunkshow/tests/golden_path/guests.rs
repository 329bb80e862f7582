//! What people in the story do: take a seat, speak and listen, buy.

use std::time::Duration;

use app::catalogue::products;
use app::drops::claim::{self, Answer, Wish};
use app::drops::plan::{self, DropDraft};
use app::drops::{run, tab};
use app::ports::{RoomKey, Stage};
use app::room::{Seat, Submitted, Told, enter};
use app::till::basket::{self, Put};
use app::till::checkout::{CheckedOut, Checkout, check_out};
use app::trivia::plan::TriviaDraft;
use app::{Actor, Problem, trivia};
use kernel::{ClaimId, Currency, DropId, Language, Millis, Money, ProductId, ShowId};
use room::Question;
use serde_json::Value;
use shop::address::Address;
use shop::buyer::Contact;
use shop::catalogue::{ProductDraft, Status, StockLine, VariantDraft};
use shop::drop::Hold;
use shop::order::ShowNumber;
use shop::payment::Method;
use shop::prize::Prize;

use crate::boutique::{Boutique, dollars, english, us};

/// Nothing in the story takes long; waiting for what never comes fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody with a seat in the room.
pub struct Guest {
    pub hello: Value,
    seat: Seat,
    heard: Vec<Value>,
}

impl Guest {
    /// Sends a frame, and waits until it happened.
    pub async fn say(&mut self, frame: Value) {
        let submitted = self.seat.submit(&frame.to_string()).await;
        let Submitted::Later(answer) = submitted else { panic!("{frame} was not taken") };
        let answer: Value = serde_json::from_slice(&answer.wait().await).expect("JSON");
        assert_eq!(answer["t"], "ack", "{answer}");
    }

    /// The next word on a question that has this phase.
    pub async fn trivia(&mut self, phase: &str) -> Value {
        loop {
            let told = self.event("trivia").await;
            if told["phase"] == phase {
                return told;
            }
        }
    }

    /// The next event of this kind.
    pub async fn event(&mut self, kind: &str) -> Value {
        loop {
            if let Some(place) = self.heard.iter().position(|event| event["k"] == kind) {
                return self.heard.drain(..=place).next_back().expect("found");
            }
            let told = tokio::time::timeout(PATIENCE, self.seat.next()).await.expect("the room is not silent");
            let frames = match told {
                Told::Own(frames) => frames,
                Told::Shared(frame) => vec![frame.text().clone()],
                Told::Closed => panic!("the room closed before {kind}"),
            };
            for frame in frames {
                let frame: Value = serde_json::from_slice(&frame).expect("JSON");
                self.heard.extend(frame["events"].as_array().into_iter().flatten().cloned());
            }
        }
    }
}

impl Boutique {
    /// A question for a piece of a number at 5 % off, asked at once.
    pub async fn asks(&self, show: ShowId, number: u32, text: &str, answer: &str) {
        let question = Question { text: text.to_owned(), answers: vec![answer.to_owned()], typo: true };
        let (prize, hold) = (Prize { basis_points: 500 }, Hold::Minutes(10));
        let window = Millis::from_secs(30);
        let draft = TriviaDraft { number, variant: None, question, prize, hold, countries: None, window };
        let (app, host) = (self.app(), &self.host);
        let id = trivia::plan::create(app, host, show, draft).await.expect("planned").row.id;
        trivia::run::arm(app, host, id).await.expect("armed");
        trivia::run::fire(app, host, id, Millis(0)).await.expect("fired");
    }

    /// What somebody holds in a show.
    pub async fn claims_of(&self, who: &Actor, show: ShowId) -> Vec<ClaimId> {
        let tab = tab::tab(self.app(), who, show).await.expect("a tab");
        tab.claims.iter().map(|own| own.claim.id).collect()
    }

    /// A planned product of one size at US$198.00.
    pub async fn product(&self, title: &str, on_hand: i64) -> ProductId {
        let mut draft = ProductDraft::empty(self.brand);
        draft.seller_id = Some(self.seller);
        draft.category = "fashion".into();
        draft.texts.title = english(title);
        let stock = vec![StockLine { location_id: self.location, on_hand, buffer: 0 }];
        let (sku, prices) = (title.to_uppercase(), vec![dollars(19_800)]);
        draft.variants = vec![VariantDraft { id: None, sku, values: vec![], prices, stock, weight_g: None }];
        products::create(self.app(), &self.host, Status::Active, draft).await.expect("a product").id
    }

    pub async fn join(&self, show: ShowId, who: &Actor) -> Guest {
        let room = RoomKey { show, stage: Stage::Live };
        let entered = enter::enter(self.app(), who, room, None, Language::english()).await;
        let (first, seat) = entered.expect("a seat");
        Guest { hello: serde_json::from_slice(&first[0]).expect("JSON"), seat, heard: Vec::new() }
    }

    /// From the tray to the payment, which the sandbox approves at once.
    pub async fn buys(
        &self,
        who: &Actor,
        show: ShowId,
        number: u32,
        product: ProductId,
    ) -> Result<CheckedOut, Problem> {
        let row = self.app().ports.catalogue.products(&[product]).await?.pop().expect("in the catalogue");
        let at = ShowNumber { show, number };
        let put = Put { variant: row.product.variants[0].id, quantity: 1, show: Some(at) };
        let basket = basket::put(self.app(), who, put, &self.buying()).await?;
        let (total, version) = (basket.priced.quote.total, Some(basket.version));
        check_out(self.app(), who, self.checkout(&number.to_string(), version, Vec::new(), total)).await
    }

    /// A drop of one piece of a number at this price, armed and fired.
    pub async fn fires(&self, show: ShowId, number: u32, unit: Money) -> DropId {
        let (hold, unit) = (Hold::Minutes(2), vec![unit]);
        let draft =
            DropDraft { number, variant: None, unit, quantity: 1, limit: 1, hold, countries: None, window: None };
        let drop = plan::create(self.app(), &self.host, show, draft).await.expect("planned").id;
        run::arm(self.app(), &self.host, drop, None).await.expect("armed");
        run::fire(self.app(), &self.host, drop, Millis(0)).await.expect("fired");
        drop
    }

    /// One press of the button.
    pub async fn claims(&self, who: &Actor, drop: DropId) -> Result<Answer, Problem> {
        let (key, currency, country) = ("mine".to_owned(), Currency::USD, us());
        claim::claim(self.app(), who, Wish { drop, quantity: 1, currency, country, wait: true, key }).await
    }

    /// From the tab to the payment.
    pub async fn pays(&self, who: &Actor, show: ShowId, claim: ClaimId) -> Result<CheckedOut, Problem> {
        let priced = tab::quote(self.app(), who, show, None, &self.buying()).await?;
        check_out(self.app(), who, self.checkout("tab", None, vec![claim], priced.quote.total)).await
    }

    fn checkout(
        &self,
        key: &str,
        basket_version: Option<i64>,
        claims: Vec<ClaimId>,
        expected_total: Money,
    ) -> Checkout {
        Checkout {
            idempotency_key: key.to_owned(),
            request_hash: "the same body".into(),
            basket_version,
            claims,
            currency: Currency::USD,
            country: us(),
            contact: Contact { name: "Ann Buyer".into(), email: None, phone: Some("+1 212 555 0123".into()) },
            address: Address {
                lines: vec!["1 Long Street".into()],
                city: "New York".into(),
                region: Some("NY".into()),
                postal_code: Some("10013".into()),
                country: us(),
            },
            shipping: self.shipping,
            codes: Vec::new(),
            expected_total,
            language: Language::english(),
            method: Method::Sandbox,
            piece: None,
            remember: false,
            using: None,
            sandbox: Some(app::ports::SandboxOutcome::Approve),
            public_url: "http://localhost".into(),
            merchant: "Maison Claire".into(),
        }
    }
}
