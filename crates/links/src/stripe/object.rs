//! What we read of Stripe's objects.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The key under which our payment's id lies in the metadata of everything that we open there: forms write
/// `metadata[payment]`.
pub(super) const PAYMENT: &str = "payment";
/// The key under which a refund of ours keeps its own key: `metadata[refund_key]`.
const REFUND_KEY: &str = "refund_key";

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    /// `open`, `complete` or `expired`.
    #[serde(default)]
    pub(super) status: Option<String>,
    /// The page, while it is open.
    #[serde(default)]
    pub(super) url: Option<String>,
    /// None before the buyer tried to pay.
    #[serde(default)]
    pub(super) payment_intent: Option<Intent>,
    pub(super) amount_total: i64,
    pub(super) currency: String,
}

impl Session {
    pub(super) fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Intent {
    pub(super) id: String,
    /// `requires_payment_method`, `requires_confirmation`, `requires_action`, `processing`, `requires_capture`,
    /// `succeeded` or `canceled`.
    pub(super) status: String,
    /// `manual` where the money is held first.
    pub(super) capture_method: String,
    #[serde(default)]
    pub(super) metadata: BTreeMap<String, String>,
    /// `on_session` where the buyer wants to pay so again.
    #[serde(default)]
    pub(super) setup_future_usage: Option<String>,
    /// Where the bank asks for the buyer, once it does.
    #[serde(default)]
    pub(super) next_action: Option<NextAction>,
    pub(super) amount: i64,
    pub(super) currency: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct NextAction {
    #[serde(default)]
    pub(super) redirect_to_url: Option<Page>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    pub(super) url: Option<String>,
}

impl From<Intent> for Session {
    /// An intent without a page of Stripe's, as one that has had its page.
    fn from(intent: Intent) -> Self {
        let (id, amount_total, currency) = (intent.id.clone(), intent.amount, intent.currency.clone());
        Self { id, status: None, url: None, payment_intent: Some(intent), amount_total, currency }
    }
}

impl Intent {
    /// The bank's page, while it asks for the buyer.
    pub(super) fn challenge(&self) -> Option<&str> {
        let action = self.next_action.as_ref().filter(|_| self.status == "requires_action")?;
        action.redirect_to_url.as_ref()?.url.as_deref()
    }

    /// Whether it can be closed. While a bank thinks it over, it cannot.
    pub(super) fn cancellable(&self) -> bool {
        let open = ["requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"];
        open.contains(&self.status.as_str())
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Charge {
    pub(super) id: String,
    /// `succeeded`, `pending` or `failed`.
    pub(super) status: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    #[serde(default)]
    pub(super) amount_captured: i64,
    #[serde(default)]
    pub(super) captured: bool,
    /// Unix seconds.
    pub(super) created: i64,
    /// With what it was paid: `type` names the field in which it is told.
    #[serde(default)]
    pub(super) payment_method_details: Option<serde_json::Value>,
    #[serde(default)]
    pub(super) payment_method: Option<String>,
    #[serde(default)]
    pub(super) customer: Option<String>,
}

/// Of `payment_method_details`, for a card.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Card {
    pub(super) brand: String,
    pub(super) last4: String,
    pub(super) exp_month: u8,
    pub(super) exp_year: u16,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    #[serde(default)]
    pub(super) status: Option<String>,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// Unix seconds.
    pub(super) created: i64,
    #[serde(default)]
    pub(super) charge: Option<String>,
    #[serde(default)]
    pub(super) metadata: Option<BTreeMap<String, String>>,
}

impl Refund {
    /// Whether it is on its way or there: the money has left us.
    pub(super) fn counts(&self) -> bool {
        !matches!(self.status.as_deref(), Some("failed" | "canceled"))
    }

    pub(super) fn has_key(&self, key: &str) -> bool {
        self.metadata.as_ref().and_then(|metadata| metadata.get(REFUND_KEY)).is_some_and(|known| known == key)
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Disputed {
    pub(super) id: String,
    /// `warning_needs_response`, `warning_under_review`, `warning_closed`, `needs_response`, `under_review`, `won` or `lost`.
    pub(super) status: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// Unix seconds.
    pub(super) created: i64,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) payment_intent: Option<String>,
    #[serde(default)]
    pub(super) evidence_details: Evidence,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Evidence {
    /// Unix seconds.
    #[serde(default)]
    pub(super) due_by: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) has_more: bool,
}
