//! Checkout Sessions: opened by a form that is checked field by field, open until paid or expired.

use serde_json::Value;

use super::books::{Books, Fields, No, Session};

/// Every field that a form may have. One that is not here is a slip of ours.
const FIELDS: [&str; 20] = [
    "mode",
    "payment_method_types[0]",
    "line_items[0][quantity]",
    "line_items[0][price_data][currency]",
    "line_items[0][price_data][unit_amount]",
    "line_items[0][price_data][product_data][name]",
    "client_reference_id",
    "metadata[payment]",
    "payment_intent_data[metadata][payment]",
    "payment_intent_data[capture_method]",
    "payment_intent_data[description]",
    "payment_intent_data[statement_descriptor_suffix]",
    "payment_method_options[wechat_pay][client]",
    "success_url",
    "cancel_url",
    "locale",
    "expires_at",
    "expand[0]",
    "customer_creation",
    "payment_intent_data[setup_future_usage]",
];

const CURRENCIES_WITHOUT_DECIMALS: [&str; 4] = ["jpy", "krw", "clp", "vnd"];

fn field<'a>(form: &'a Fields, name: &str) -> Result<&'a str, No> {
    let missing = || No::bad("parameter_missing", format!("Missing required param: {name}."));
    form.get(name).map(String::as_str).filter(|text| !text.is_empty()).ok_or_else(missing)
}

impl Books {
    pub(super) fn open_session(&mut self, form: &Fields) -> Result<Value, No> {
        if let Some(unknown) = form.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(No::bad("parameter_unknown", format!("Received unknown parameter: {unknown}")));
        }
        if field(form, "mode")? != "payment" || field(form, "line_items[0][quantity]")? != "1" {
            return Err(No::bad("parameter_invalid", "mode and quantity"));
        }
        let method = field(form, "payment_method_types[0]")?;
        let manual = match (method, field(form, "payment_intent_data[capture_method]")?) {
            ("card", "manual") => true,
            ("card" | "alipay" | "wechat_pay", "automatic") => false,
            (_, "manual") => return Err(No::bad("payment_intent_invalid_parameter", "This method cannot hold money.")),
            _ => return Err(No::bad("parameter_invalid", "capture_method")),
        };
        if method == "wechat_pay" && field(form, "payment_method_options[wechat_pay][client]")? != "web" {
            return Err(No::bad("parameter_invalid", "client"));
        }
        let suffix = form.get("payment_intent_data[statement_descriptor_suffix]");
        if let Some(suffix) = suffix
            && (suffix.len() > 10 || !suffix.bytes().any(|byte| byte.is_ascii_alphabetic()) || method != "card")
        {
            return Err(No::bad("parameter_invalid", "statement_descriptor_suffix"));
        }
        let currency = field(form, "line_items[0][price_data][currency]")?;
        if currency.len() != 3 || currency != currency.to_ascii_lowercase() {
            return Err(No::bad("parameter_invalid", format!("Invalid currency: {currency}")));
        }
        let amount = field(form, "line_items[0][price_data][unit_amount]")?.parse::<i64>();
        let amount = amount.map_err(|_| No::bad("parameter_invalid_integer", "unit_amount"))?;
        check_amount(amount, currency)?;
        let expires_at = field(form, "expires_at")?.parse::<i64>();
        let expires_at = expires_at.map_err(|_| No::bad("parameter_invalid_integer", "expires_at"))?;
        if !(1_800..=86_400).contains(&(expires_at - self.now)) {
            return Err(No::bad("expires_at_invalid", "expires_at must be between 30 minutes and 24 hours from now"));
        }
        field(form, "success_url")?;
        field(form, "line_items[0][price_data][product_data][name]")?;
        let session = Session {
            id: self.id("cs_test"),
            form: form.clone(),
            amount,
            currency: currency.to_owned(),
            method: method.to_owned(),
            manual,
            status: "open",
            expires_at,
            created: self.now,
            intent: None,
        };
        let id = session.id.clone();
        self.sessions.insert(id.clone(), session);
        self.look_at_session(&id, form)
    }

    pub(super) fn look_at_session(&mut self, id: &str, query: &Fields) -> Result<Value, No> {
        self.expire_by_time(id);
        let session = self.sessions.get(id).ok_or_else(|| No::missing(id))?;
        Ok(self.session_object(session, query.get("expand[0]").is_some_and(|what| what == "payment_intent")))
    }

    pub(super) fn expire_by_time(&mut self, id: &str) {
        if self.sessions.get(id).is_some_and(|session| session.status == "open" && session.expires_at <= self.now) {
            self.expire(id);
        }
    }

    pub(super) fn expire_session(&mut self, id: &str) -> Result<Value, No> {
        self.expire_by_time(id);
        let session = self.sessions.get(id).ok_or_else(|| No::missing(id))?;
        if session.status != "open" {
            let why =
                format!("Only Checkout Sessions with a status in [\"open\"] can be expired; it is {}.", session.status);
            return Err(No::bad("resource_invalid_state", why));
        }
        self.expire(id);
        self.look_at_session(id, &Fields::new())
    }

    /// An attempt that the buyer had begun ends with its page.
    fn expire(&mut self, id: &str) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        session.status = "expired";
        let session = session.clone();
        if let Some(intent) = &session.intent {
            self.set_intent(intent, "canceled");
        }
        let object = self.session_object(&session, false);
        self.tell("checkout.session.expired", object);
    }
}

fn check_amount(amount: i64, currency: &str) -> Result<(), No> {
    let most = if currency == "idr" { 999_999_999_999 } else { 99_999_999 };
    if amount > most {
        return Err(No::bad("amount_too_large", "Amount must be no more than 999,999.99"));
    }
    let least = if CURRENCIES_WITHOUT_DECIMALS.contains(&currency) { 1 } else { 30 };
    if amount < least {
        return Err(No::bad("amount_too_small", "The amount is below the minimum"));
    }
    let coarse = match currency {
        "isk" | "ugx" => 100,
        "bhd" | "jod" | "kwd" | "omr" | "tnd" => 10,
        _ => 1,
    };
    if amount % coarse != 0 {
        return Err(No::bad("invalid_charge_amount_no_decimal_compatible", "The amount must be evenly divisible"));
    }
    Ok(())
}
