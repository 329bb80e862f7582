//! Amounts as Stripe counts them, and what it takes. Facts of <https://docs.stripe.com/currencies>, 2026-11.

use kernel::{Currency, Money};
use shop::payment::{Flow, Method, Taking, Terms};

/// What cards can be charged in.
const CARD: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF \
    CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR \
    ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR \
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD \
    SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW";
const ALIPAY: &str = "AUD CAD CNY EUR GBP HKD JPY MYR NZD SGD USD";
const WECHAT_PAY: &str = "AUD CAD CHF CNY DKK EUR GBP HKD JPY NOK SEK SGD USD";

const NO_DECIMALS: &str = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF";
/// The last of the three has to be 0.
const THREE_DECIMALS: &str = "BHD JOD KWD OMR TND";

/// Eight digits; twelve for IDR.
const MOST: i64 = 99_999_999;
const MOST_IDR: i64 = 999_999_999_999;

/// The smallest amounts that are charged, in Stripe's units; elsewhere Stripe decides by the day's rate.
const LEAST: [(&str, i64); 24] = [
    ("AED", 200),
    ("AUD", 50),
    ("BRL", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("CZK", 1_500),
    ("DKK", 250),
    ("EUR", 50),
    ("GBP", 30),
    ("HKD", 400),
    ("HUF", 17_500),
    ("INR", 50),
    ("JPY", 50),
    ("MXN", 1_000),
    ("MYR", 200),
    ("NOK", 300),
    ("NZD", 50),
    ("PLN", 200),
    ("RON", 200),
    ("SEK", 300),
    ("SGD", 50),
    ("THB", 1_000),
    ("TRY", 2_000),
    ("USD", 50),
];

fn lists(list: &str, currency: Currency) -> bool {
    list.split_ascii_whitespace().any(|code| code == currency.as_str())
}

/// ISK and UGX have no decimals, and are counted as if they had two.
fn decimals(currency: Currency) -> u8 {
    if lists(NO_DECIMALS, currency) {
        0
    } else if lists(THREE_DECIMALS, currency) {
        3
    } else {
        2
    }
}

/// (ours × the first ÷ the second) is theirs.
fn scale(currency: Currency) -> (i64, i64) {
    let (theirs, ours) = (u32::from(decimals(currency)), u32::from(currency.decimals()));
    (10_i64.pow(theirs.saturating_sub(ours)), 10_i64.pow(ours.saturating_sub(theirs)))
}

/// The amount in Stripe's units; none where they cannot say it exactly.
pub(super) fn to_stripe(amount: Money) -> Option<i64> {
    let (times, by) = scale(amount.currency);
    (amount.minor % by == 0).then(|| (amount.minor / by).checked_mul(times)).flatten()
}

/// Reads an amount of Stripe's; none where we could not say it exactly.
pub(super) fn from_stripe(amount: i64, currency: &str) -> Option<Money> {
    let currency: Currency = currency.to_ascii_uppercase().parse().ok()?;
    let (times, by) = scale(currency);
    let minor = (amount % times == 0).then(|| (amount / times).checked_mul(by)).flatten()?;
    Some(Money::new(minor, currency))
}

/// What Stripe offers of these methods in a currency.
pub(super) fn terms(methods: &[Method], currency: Currency) -> Vec<Terms> {
    let (times, by) = scale(currency);
    let ours = |theirs: i64| Money::new(theirs / times * by, currency);
    let most = if currency.as_str() == "IDR" { MOST_IDR } else { MOST };
    let least = LEAST.iter().find(|(code, _)| *code == currency.as_str()).map_or(1, |(_, least)| *least);
    let step = if decimals(currency) == 3 { 10 } else { by };
    let terms = |flow, taking, refund_days, method| Terms {
        method,
        flow,
        taking,
        refund_days,
        least: Money::new(ours(least).minor.max(step), currency),
        most: ours(most),
        step,
    };
    let offered = |&method: &Method| match method {
        Method::Card => lists(CARD, currency).then(|| terms(Flow::Redirect, Taking::HoldThenCapture, None, method)),
        Method::Alipay => lists(ALIPAY, currency).then(|| terms(Flow::Redirect, Taking::AtOnce, Some(90), method)),
        Method::WechatPay => lists(WECHAT_PAY, currency).then(|| terms(Flow::Qr, Taking::AtOnce, Some(180), method)),
        Method::Sandbox => None,
    };
    methods.iter().filter_map(offered).collect()
}

#[cfg(test)]
mod tests {
    use shop::payment::Unfit;

    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, code.parse().expect("a currency"))
    }

    #[test]
    fn amounts_are_counted_exactly_or_not_at_all() {
        let check = |ours: Money, theirs: Option<i64>| {
            assert_eq!(to_stripe(ours), theirs, "{ours:?}");
            if let Some(theirs) = theirs {
                assert_eq!(from_stripe(theirs, &ours.currency.as_str().to_lowercase()), Some(ours));
            }
        };
        check(money(19_800, "USD"), Some(19_800));
        check(money(500, "JPY"), Some(500));
        check(money(5, "ISK"), Some(500));
        check(money(5, "UGX"), Some(500));
        check(money(5_120, "KWD"), Some(5_120));
        check(money(1_900, "MGA"), Some(19));
        check(money(1_950, "MGA"), None);
        check(money(i64::MAX, "ISK"), None);
        assert_eq!(from_stripe(550, "isk"), None, "half a króna");
        assert_eq!(from_stripe(1, "xyz"), None);
    }

    #[test]
    fn a_method_takes_what_its_currency_and_ceiling_allow() {
        let all = [Method::Card, Method::Alipay, Method::WechatPay];
        let check = |amount: Money, expected: &[(Method, Result<(), Unfit>)]| {
            let found: Vec<_> =
                terms(&all, amount.currency).iter().map(|terms| (terms.method, terms.fit(amount))).collect();
            assert_eq!(found, expected, "{amount:?}");
        };
        use Method::{Alipay, Card, WechatPay};
        check(money(19_800, "USD"), &[(Card, Ok(())), (Alipay, Ok(())), (WechatPay, Ok(()))]);
        check(money(49, "USD"), &[Card, Alipay, WechatPay].map(|method| (method, Err(Unfit::Small))));
        check(money(630_000_000, "USD"), &[Card, Alipay, WechatPay].map(|method| (method, Err(Unfit::Large))));
        check(money(99_999_999, "MYR"), &[(Card, Ok(())), (Alipay, Ok(()))]);
        check(money(999_999_999_999, "IDR"), &[(Card, Ok(()))]);
        check(money(999_999, "ISK"), &[(Card, Ok(()))]);
        check(money(1_000_000, "ISK"), &[(Card, Err(Unfit::Large))]);
        check(money(5_124, "KWD"), &[(Card, Err(Unfit::Fine))]);
        check(money(5_120, "KWD"), &[(Card, Ok(()))]);
        check(money(1_950, "MGA"), &[(Card, Err(Unfit::Fine))]);
        check(money(1_000, "KPW"), &[]);
    }
}
