//! How a dispute stands.

use app::ports::NoAnswer;
use kernel::{PaymentId, Timestamp};
use shop::payment::{Dispute, DisputeState};

use super::Stripe;
use super::http::{Form, Refusal};
use super::money::from_stripe;
use super::object::Disputed;

/// Of the bank's word for why.
const MAX_REASON: usize = 60;

impl Stripe {
    /// How a dispute stands; none where it is about nothing of this house's.
    pub(super) async fn dispute(&self, id: &str) -> Result<Option<Dispute>, NoAnswer> {
        let found = match self.api.get::<Disputed>(&format!("/v1/disputes/{id}"), &Form::new()).await {
            Ok(found) => found,
            Err(Refusal::Said(_)) => return Ok(None),
            Err(silent) => return Err(silent.into()),
        };
        let intent =
            found.payment_intent.as_deref().filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        let Some(intent) = intent else { return Ok(None) };
        Ok(self.whose(intent).await?.and_then(|payment| read(payment, &found)))
    }
}

fn read(payment: PaymentId, found: &Disputed) -> Option<Dispute> {
    let at = |unix_secs: i64| Timestamp::from_unix_millis(unix_secs.saturating_mul(1_000));
    let state = match found.status.as_str() {
        "needs_response" | "warning_needs_response" => DisputeState::NeedsAnswer,
        "won" => DisputeState::Won,
        "lost" => DisputeState::Lost,
        "warning_closed" | "prevented" => DisputeState::Closed,
        _ => DisputeState::UnderReview,
    };
    Some(Dispute {
        payment,
        reference: found.id.clone(),
        amount: from_stripe(found.amount, &found.currency)?,
        state,
        reason: found.reason.chars().take(MAX_REASON).collect(),
        answer_by: found.evidence_details.due_by.filter(|_| state == DisputeState::NeedsAnswer).map(at),
        opened_at: at(found.created),
        page: format!("https://dashboard.stripe.com/disputes/{}", found.id),
    })
}
