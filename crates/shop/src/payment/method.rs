//! Ways to pay: a closed list, and what a provider says each can do.

use kernel::Money;
use serde::{Deserialize, Serialize};

/// How the buyer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// For trying things out: no money moves.
    Sandbox,
    /// A card, typed in or out of a phone's wallet (Apple Pay, Google Pay).
    Card,
    Alipay,
    WechatPay,
}

impl Method {
    pub const ALL: [Self; 4] = [Self::Sandbox, Self::Card, Self::Alipay, Self::WechatPay];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Card => "card",
            Self::Alipay => "alipay",
            Self::WechatPay => "wechat_pay",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }
}

/// What the buyer sees of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The browser goes to the provider's page and comes back.
    Redirect,
    /// The provider's page shows a code that the buyer's phone reads.
    Qr,
}

impl Flow {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::Qr => "qr",
        }
    }
}

/// When the money becomes ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is held first, and taken once the order has its pieces.
    HoldThenCapture,
    /// It is taken when the buyer agrees: the method cannot hold.
    AtOnce,
}

impl Taking {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HoldThenCapture => "hold_then_capture",
            Self::AtOnce => "at_once",
        }
    }
}

/// What a provider offers in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub method: Method,
    pub flow: Flow,
    pub taking: Taking,
    /// Money can go back for so many days after it came; `None` without an end.
    pub refund_days: Option<u32>,
    /// The smallest amount it takes.
    pub least: Money,
    /// The largest.
    pub most: Money,
    /// Amounts are multiples of so many minor units: 10 where a provider knows two of three decimals.
    pub step: i64,
}

/// Why an amount cannot be paid this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Small,
    Large,
    /// Finer than the provider counts in this currency.
    Fine,
}

impl Terms {
    /// # Errors
    /// Why the amount, which is in the currency of these terms, cannot be paid this way.
    pub const fn fit(&self, amount: Money) -> Result<(), Unfit> {
        if amount.minor > self.most.minor {
            Err(Unfit::Large)
        } else if amount.minor < self.least.minor {
            Err(Unfit::Small)
        } else if amount.minor % self.step != 0 {
            Err(Unfit::Fine)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    #[test]
    fn an_amount_fits_between_its_bounds() {
        let money = |minor| Money::new(minor, Currency::USD);
        let terms = Terms {
            method: Method::Card,
            flow: Flow::Redirect,
            taking: Taking::HoldThenCapture,
            refund_days: None,
            least: money(50),
            most: money(99_999_999),
            step: 10,
        };
        let check = |minor, expected| assert_eq!(terms.fit(money(minor)), expected, "{minor}");
        check(49, Err(Unfit::Small));
        check(50, Ok(()));
        check(51, Err(Unfit::Fine));
        check(99_999_990, Ok(()));
        check(100_000_000, Err(Unfit::Large));
        check(630_000_000_000, Err(Unfit::Large));
    }

    #[test]
    fn every_method_is_read_back() {
        for method in Method::ALL {
            assert_eq!(Method::parse(method.as_str()), Some(method));
        }
        assert_eq!(Method::parse("gold"), None);
    }
}
