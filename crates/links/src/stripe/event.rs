//! A message of Stripe's, as text. Signed or not, it may hold anything: it is read for whom it is about and no more.

use kernel::PaymentId;
use serde_json::Value;

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Payment(PaymentId),
    /// An intent that has to be asked whose it is.
    Intent(String),
    /// A dispute that has to be asked how it stands.
    Dispute(String),
    /// Nothing that we act on.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Stripe's name for the message.
    pub(crate) id: String,
    pub(crate) about: About,
}

/// The beginnings of the kinds that can change how a payment stands.
const KINDS: [&str; 4] = ["checkout.session.", "payment_intent.", "charge.", "refund."];
/// Characters of an id that is passed on.
const MAX_ID: usize = 255;

/// Reads a message; none where it is no message at all.
pub(crate) fn read(body: &[u8]) -> Option<Told> {
    let message: Value = serde_json::from_slice(body).ok()?;
    let id = id(&message["id"])?;
    let kind = message["type"].as_str()?;
    let object = &message["data"]["object"];
    let payment = || object["metadata"]["payment"].as_str().and_then(|text| text.parse().ok());
    let intent = || {
        let itself = (object["object"] == "payment_intent").then_some(&object["id"]);
        let named = itself.unwrap_or(&object["payment_intent"]);
        self::id(named).filter(|text| text.starts_with("pi_"))
    };
    let about = if kind.starts_with("charge.dispute.") {
        self::id(&object["id"]).map_or(About::Nothing, About::Dispute)
    } else if !KINDS.iter().any(|begins| kind.starts_with(begins)) {
        About::Nothing
    } else if let Some(payment) = payment() {
        About::Payment(payment)
    } else {
        intent().map_or(About::Nothing, About::Intent)
    };
    Some(Told { id, about })
}

/// An id of Stripe's: it goes into addresses, so it holds nothing else.
fn id(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && !text.is_empty() && text.len() <= MAX_ID).then(|| text.to_owned())
}
