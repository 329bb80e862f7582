//! What payment providers tell us. A message wakes the command that the browser also wakes, and decides nothing.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::ports::{DisputeRow, Heard, Unheard};
use crate::{App, Code, Problem};

/// So many messages are remembered, the newest. A message that was forgotten wakes once more what changes nothing.
const REMEMBERED: usize = 10_000;

/// The messages that were acted on.
#[derive(Debug, Default)]
pub struct HeardBefore(Mutex<(BTreeSet<String>, VecDeque<String>)>);

impl HeardBefore {
    fn knows(&self, event: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.contains(event)
    }

    fn remember(&self, event: String) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (set, order) = &mut *known;
        if set.insert(event.clone()) {
            order.push_back(event);
        }
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            set.remove(&oldest);
        }
    }
}

/// The name of the header that this provider signs with; nothing where the house has no such provider.
#[must_use]
pub fn signature_header(app: &App, provider: &str) -> Option<&'static str> {
    app.till.desk.providers.named(provider).map(|provider| provider.signature_header())
}

/// A message came to a provider's webhook. What is not about a payment of ours is taken and forgotten; one that could not
/// be acted on is refused, so that the provider sends it again.
pub async fn hear(app: &App, provider: &str, body: &[u8], signature: &str) -> Result<(), Problem> {
    let provider = app.till.desk.providers.named(provider).ok_or(Code::NotFound)?;
    let heard = provider.hear(body, signature).await.map_err(|unheard| match unheard {
        Unheard::BadSignature => Problem::from(Code::BadSignature),
        Unheard::Unreadable => Problem::from(Code::BadRequest),
        Unheard::NoAnswer(silent) => {
            Problem { cause: Some(silent.to_string()), ..Problem::from(Code::PaymentUnavailable) }.retry_after(30)
        }
    })?;
    let (event, payment, dispute) = match heard {
        Heard::Payment { event, payment } => (event, payment, None),
        Heard::Dispute { event, dispute } => (event, dispute.payment, Some(dispute)),
        Heard::Nothing => return Ok(()),
    };
    let event = format!("{}:{event}", provider.name());
    if app.till.heard.knows(&event) {
        return Ok(());
    }
    let Some(order) = app.till.orders().by_payment(payment).await? else { return Ok(()) };
    if let Some(dispute) = dispute {
        tracing::warn!(%order, state = dispute.state.as_str(), "a payment is disputed");
        let row = DisputeRow { provider: provider.name().to_owned(), order, dispute };
        app.till.disputes.keep(row).await?;
    } else if !app.till.desk.look(order).await?.answered {
        return Err(Problem::from(Code::PaymentUnavailable).retry_after(30));
    }
    app.till.heard.remember(event);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_until_many_came_after_it() {
        let before = HeardBefore::default();
        for event in 0..=REMEMBERED {
            before.remember(event.to_string());
            before.remember(event.to_string());
        }
        let known = |event: usize| before.knows(&event.to_string());
        assert_eq!((known(0), known(1), known(REMEMBERED)), (false, true, true));
    }
}
