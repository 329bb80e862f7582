//! The ways to pay that a buyer can choose from.

use kernel::Money;
use shop::payment::{Method, Terms, Unfit};

use crate::{App, Code, Problem};

/// One way to pay, and why it cannot be chosen for this amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub terms: Terms,
    pub refused: Option<Code>,
}

/// Every way that the house offers in the amount's currency, in the order in which buyers see them.
#[must_use]
pub fn choices(app: &App, amount: Money) -> Vec<Choice> {
    let terms = app.till.payments().terms(amount.currency);
    terms.into_iter().map(|terms| Choice { terms, refused: terms.fit(amount).err().map(code) }).collect()
}

/// Refuses a way that is not offered, or not for this amount, before anything is opened.
pub fn check(app: &App, method: Method, amount: Money) -> Result<(), Problem> {
    let offered = app.till.payments().terms(amount.currency);
    let terms = offered.iter().find(|terms| terms.method == method).ok_or(Code::PaymentMethodNotOffered)?;
    terms.fit(amount).map_err(|unfit| {
        let problem = Problem::from(code(unfit));
        let bound = match unfit {
            Unfit::Large => Some(("most", terms.most)),
            Unfit::Small => Some(("least", terms.least)),
            Unfit::Fine => None,
        };
        match bound.map(|(name, money)| (name, serde_json::to_value(money).unwrap_or_default())) {
            Some((name, money)) => problem.with(name, money),
            None => problem,
        }
    })
}

const fn code(unfit: Unfit) -> Code {
    match unfit {
        Unfit::Small => Code::AmountTooSmall,
        Unfit::Large => Code::AmountTooLarge,
        Unfit::Fine => Code::PaymentMethodNotOffered,
    }
}
