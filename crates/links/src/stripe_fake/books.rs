//! What the fake knows, and what it does with a request.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{Buys, Message};

/// After a day a key is a new one.
const KEYS_ARE_KEPT_SECS: i64 = 86_400;

pub(super) type Fields = BTreeMap<String, String>;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Too many requests: nothing happened.
    Busy,
    /// Stripe broke before it did anything; the failure is repeated for the same key.
    BrokenBefore,
    /// Stripe broke after it had done it; the failure is repeated for the same key.
    BrokenAfter,
    /// It is done, and the connection ends in the middle of the answer.
    AnswerLost,
}

impl Fault {
    /// Whether it needs something to be done or not done.
    pub(super) const fn waits_for_a_change(self) -> bool {
        matches!(self, Self::BrokenAfter | Self::AnswerLost)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) form: Fields,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// `card`, `alipay` or `wechat_pay`.
    pub(super) method: String,
    pub(super) manual: bool,
    pub(super) status: &'static str,
    pub(super) expires_at: i64,
    pub(super) created: i64,
    pub(super) intent: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Intent {
    pub(super) id: String,
    /// None for one that was opened with a kept card.
    pub(super) session: Option<String>,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) method: String,
    /// The buyer wants to pay so again.
    pub(super) keeps: bool,
    pub(super) payment_method: Option<String>,
    pub(super) manual: bool,
    pub(super) status: &'static str,
    pub(super) metadata: Fields,
    pub(super) created: i64,
    pub(super) canceled_at: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Charge {
    pub(super) id: String,
    pub(super) intent: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) status: &'static str,
    pub(super) captured: bool,
    pub(super) disputed: bool,
    /// The wallet that the card came out of.
    pub(super) wallet: Option<&'static str>,
    /// Which card or account it was: each payment's own where nobody says.
    pub(super) fingerprint: String,
    pub(super) payment_method: String,
    pub(super) method: String,
    pub(super) created: i64,
}

/// A card that is kept, with its customer.
#[derive(Clone, Debug)]
pub(super) struct Attached {
    pub(super) customer: String,
    pub(super) fingerprint: String,
}

#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) intent: String,
    pub(super) charge: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) status: &'static str,
    pub(super) metadata: Fields,
    pub(super) created: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Disputed {
    pub(super) id: String,
    pub(super) charge: String,
    pub(super) intent: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) status: &'static str,
    pub(super) created: i64,
}

/// Stripe's no: HTTP status, kind, code and sentence.
#[derive(Clone, Debug)]
pub(super) struct No(pub(super) u16, pub(super) &'static str, pub(super) &'static str, pub(super) String);

impl No {
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self(400, "invalid_request_error", code, message.into())
    }

    pub(super) fn missing(what: &str) -> Self {
        Self(404, "invalid_request_error", "resource_missing", format!("No such object: {what}"))
    }

    pub(super) fn body(&self) -> Value {
        json!({"error": {"type": self.1, "code": self.2, "message": self.3}})
    }
}

/// A status and a body.
pub(super) type Answer = (u16, Value);

#[derive(Debug)]
pub(super) struct Books {
    pub(super) address: SocketAddr,
    /// Unix seconds; set before each use.
    pub(super) now: i64,
    made: u64,
    /// The card that is paid with now, where a test says which.
    pub(super) card: Option<&'static str>,
    /// What the bank says to the next payments with kept cards; yes without.
    pub(super) confirms: VecDeque<Buys>,
    /// By the method's name.
    pub(super) attached: BTreeMap<String, Attached>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) intents: BTreeMap<String, Intent>,
    /// In the order in which they were made.
    pub(super) charges: Vec<Charge>,
    pub(super) refunds: Vec<Refund>,
    pub(super) disputes: Vec<Disputed>,
    pub(super) messages: Vec<Message>,
    pub(super) faults: VecDeque<Fault>,
    /// By idempotency key: when, what was asked, and what was answered.
    once: BTreeMap<String, (i64, (String, Fields), Answer)>,
}

impl Books {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            now: 0,
            made: 0,
            card: None,
            confirms: VecDeque::new(),
            attached: BTreeMap::new(),
            sessions: BTreeMap::new(),
            intents: BTreeMap::new(),
            charges: Vec::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            messages: Vec::new(),
            faults: VecDeque::new(),
            once: BTreeMap::new(),
        }
    }

    pub(super) fn id(&mut self, begins: &str) -> String {
        self.made += 1;
        format!("{begins}_{:024}", self.made)
    }

    /// A message about an object, as it stands now.
    pub(super) fn tell(&mut self, kind: &str, object: Value) {
        let id = self.id("evt");
        let body = json!({
            "id": id, "object": "event", "api_version": crate::stripe::API_VERSION, "created": self.now,
            "livemode": false, "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null},
            "type": kind, "data": {"object": object},
        });
        self.messages.push(Message { id, kind: kind.to_owned(), body: body.to_string() });
    }

    /// The fault that this request meets, if it is its turn.
    pub(super) fn fault(&mut self, changes: bool) -> Option<Fault> {
        let first = *self.faults.front()?;
        if first.waits_for_a_change() && !changes {
            return None;
        }
        self.faults.pop_front()
    }

    /// A request that changes something: done once a key.
    pub(super) fn post(&mut self, path: &str, form: Fields, key: &str, fault: Option<Fault>) -> Answer {
        if key.is_empty() || key.len() > 255 {
            return answer(Err(No::bad("idempotency_key_invalid", "A key of 1 to 255 characters")));
        }
        let asked = (path.to_owned(), form);
        let now = self.now;
        self.once.retain(|_, (at, ..)| now - *at < KEYS_ARE_KEPT_SECS);
        if let Some((_, before, said)) = self.once.get(key) {
            if *before == asked {
                return said.clone();
            }
            let why =
                "Keys for idempotent requests can only be used with the same parameters they were first used with.";
            return answer(Err(No(400, "idempotency_error", "idempotency_error", why.into())));
        }
        let broken = (500, json!({"error": {"type": "api_error", "message": "An unknown error occurred"}}));
        let said = match fault {
            Some(Fault::BrokenBefore) => broken,
            Some(Fault::BrokenAfter) => {
                drop(self.change(path, &asked.1));
                broken
            }
            _ => answer(self.change(path, &asked.1)),
        };
        self.once.insert(key.to_owned(), (now, asked, said.clone()));
        said
    }

    fn change(&mut self, path: &str, form: &Fields) -> Result<Value, No> {
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match parts.as_slice() {
            ["checkout", "sessions"] => self.open_session(form),
            ["checkout", "sessions", id, "expire"] => self.expire_session(id),
            ["payment_intents"] => self.open_intent(form),
            ["payment_intents", id, "confirm"] => self.confirm(id, form),
            ["payment_methods", id, "detach"] => self.detach(id),
            ["payment_intents", id, "capture"] => self.capture(id),
            ["payment_intents", id, "cancel"] => self.cancel(id),
            ["refunds"] => self.refund(form),
            _ => Err(No::missing(path)),
        }
    }

    /// A request that only reads.
    pub(super) fn get(&mut self, path: &str, query: &Fields) -> Answer {
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        answer(match parts.as_slice() {
            ["checkout", "sessions", id] => self.look_at_session(id, query),
            ["payment_intents", id] => {
                self.intents.get(*id).map(|intent| self.intent_object(intent)).ok_or_else(|| No::missing(id))
            }
            ["disputes", id] => {
                let found = self.disputes.iter().find(|dispute| dispute.id == **id);
                found.map(|dispute| self.dispute_object(dispute)).ok_or_else(|| No::missing(id))
            }
            ["charges"] => self.list(query, &self.charges, |charge| (&charge.id, &charge.intent), Self::charge_object),
            ["refunds"] => self.list(query, &self.refunds, |refund| (&refund.id, &refund.intent), Self::refund_object),
            _ => Err(No::missing(path)),
        })
    }

    /// A page of a list, newest first.
    fn list<T>(
        &self,
        query: &Fields,
        all: &[T],
        ids: impl Fn(&T) -> (&String, &String),
        object: impl Fn(&Self, &T) -> Value,
    ) -> Result<Value, No> {
        let intent = query.get("payment_intent").ok_or_else(|| No::bad("parameter_missing", "payment_intent"))?;
        let limit = query.get("limit").map_or(Ok(10), |text| text.parse::<usize>());
        let limit = limit.ok().filter(|limit| (1..=100).contains(limit));
        let limit = limit.ok_or_else(|| No::bad("parameter_invalid_integer", "limit"))?;
        let of_it: Vec<&T> = all.iter().rev().filter(|one| ids(one).1 == intent).collect();
        let begin = match query.get("starting_after") {
            Some(last) => of_it.iter().position(|one| ids(one).0 == last).ok_or_else(|| No::missing(last))? + 1,
            None => 0,
        };
        let data: Vec<Value> = of_it.iter().skip(begin).take(limit).map(|one| object(self, one)).collect();
        let has_more = of_it.len() > begin + data.len();
        Ok(json!({"object": "list", "url": "/v1", "has_more": has_more, "data": data}))
    }

    pub(super) fn sessions_of<'a>(&'a self, payment: &'a str) -> impl Iterator<Item = &'a Session> {
        let of_it = move |session: &&Session| session.form.get("metadata[payment]").is_some_and(|id| id == payment);
        self.sessions.values().filter(of_it)
    }

    pub(super) fn intent_of(&self, payment: &str) -> Option<String> {
        let of_it = |intent: &&Intent| intent.metadata.get("payment").is_some_and(|id| id == payment);
        self.intents.values().find(of_it).map(|intent| intent.id.clone())
    }

    pub(super) fn charged(&self, payment: &str) -> (i64, i64) {
        let intent = self.intent_of(payment);
        let own = |charge: &Charge| intent.as_ref() == Some(&charge.intent);
        let taken = |charge: &&Charge| charge.status == "succeeded" && charge.captured && own(charge);
        let charged: Vec<&Charge> = self.charges.iter().filter(taken).collect();
        let back = |refund: &&Refund| refund.counts() && charged.iter().any(|charge| charge.id == refund.charge);
        (
            charged.iter().map(|charge| charge.amount).sum(),
            self.refunds.iter().filter(back).map(|refund| refund.amount).sum(),
        )
    }
}

impl Refund {
    pub(super) fn counts(&self) -> bool {
        matches!(self.status, "pending" | "succeeded")
    }
}

pub(super) fn answer(result: Result<Value, No>) -> Answer {
    match result {
        Ok(body) => (200, body),
        Err(no) => (no.0, no.body()),
    }
}
