//! Cards that are kept: charged while the buyer is there, and let go.

use serde_json::{Value, json};

use super::Buys;
use super::books::{Books, Fields, Intent, No};

/// Every field that an intent's form may have. One that is not here is a slip of ours.
const FIELDS: [&str; 9] = [
    "amount",
    "currency",
    "payment_method_types[0]",
    "payment_method",
    "customer",
    "capture_method",
    "description",
    "statement_descriptor_suffix",
    "metadata[payment]",
];

fn field<'a>(form: &'a Fields, name: &str) -> Result<&'a str, No> {
    let missing = || No::bad("parameter_missing", format!("Missing required param: {name}."));
    form.get(name).map(String::as_str).ok_or_else(missing)
}

impl Books {
    /// Opens an intent with a kept card. Nothing is charged before it is confirmed.
    pub(super) fn open_intent(&mut self, form: &Fields) -> Result<Value, No> {
        if let Some(unknown) = form.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(No::bad("parameter_unknown", format!("Received unknown parameter: {unknown}")));
        }
        let method = field(form, "payment_method")?;
        let kept = self.attached.get(method).ok_or_else(|| No::missing(method))?;
        if form.get("customer") != Some(&kept.customer) {
            let why = "The provided PaymentMethod cannot be attached: it belongs to another customer.";
            return Err(No::bad("payment_method_unexpected_state", why));
        }
        let amount = field(form, "amount")?.parse::<i64>();
        let amount = amount.map_err(|_| No::bad("parameter_invalid_integer", "amount"))?;
        let id = self.id("pi");
        let intent = Intent {
            id: id.clone(),
            session: None,
            amount,
            currency: field(form, "currency")?.to_owned(),
            method: field(form, "payment_method_types[0]")?.to_owned(),
            keeps: false,
            payment_method: Some(method.to_owned()),
            manual: form.get("capture_method").is_some_and(|how| how == "manual"),
            status: "requires_confirmation",
            metadata: Fields::from([("payment".to_owned(), field(form, "metadata[payment]")?.to_owned())]),
            created: self.now,
            canceled_at: None,
        };
        let object = self.intent_object(&intent);
        self.intents.insert(id, intent);
        self.tell("payment_intent.created", object.clone());
        Ok(object)
    }

    /// The buyer agreed: the bank says yes or no, or asks for them first.
    pub(super) fn confirm(&mut self, id: &str, form: &Fields) -> Result<Value, No> {
        if form.get("off_session").is_none_or(|off| off != "false") {
            return Err(No::bad("parameter_invalid", "The buyer is there: off_session is false."));
        }
        field(form, "return_url")?;
        let intent = self.intents.get(id).ok_or_else(|| No::missing(id))?;
        if intent.status != "requires_confirmation" {
            let why = format!("You cannot confirm this PaymentIntent: it has a status of {}.", intent.status);
            return Err(No::bad("payment_intent_unexpected_state", why));
        }
        match self.confirms.pop_front().unwrap_or(Buys::Approved) {
            Buys::Declined => {
                self.charge(id, "failed", None);
                self.set_intent(id, "requires_payment_method");
                return Err(No(402, "card_error", "card_declined", "Your card was declined.".into()));
            }
            Buys::ChallengePassed | Buys::ChallengeFailed | Buys::ChallengeLeft => {
                self.set_intent(id, "requires_action")
            }
            _ => self.approve(id, None),
        }
        Ok(self.intent_object(&self.intents[id]))
    }

    pub(super) fn detach(&mut self, id: &str) -> Result<Value, No> {
        let gone = self.attached.remove(id);
        gone.map(|_| json!({"id": id, "object": "payment_method", "customer": null})).ok_or_else(|| No::missing(id))
    }
}
