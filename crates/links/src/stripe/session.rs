//! The form that opens a payment: a page of Stripe's for one sum, paid in one way.

use app::ports::{PaymentNote, PaymentRequest};
use kernel::{Language, Millis, Timestamp};
use shop::payment::Method;
use shop::wallet::Kept;

use super::http::Form;

/// A page stays open for half an hour at least, and a day at most; a little inside, since clocks differ.
const OPEN_AT_LEAST: Millis = Millis::from_mins(31);
const OPEN_AT_MOST: Millis = Millis::from_mins(23 * 60);

/// Languages of Stripe's page, as it names them.
const LOCALES: [&str; 40] = [
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th",
    "tr", "vi", "zh", "zh-HK", "zh-TW",
];

/// The same for the same request and note, whenever it is asked again: Stripe refuses a key with another body.
/// `amount` is in Stripe's units.
pub(super) fn form(request: &PaymentRequest, note: &PaymentNote, amount: i64) -> Form {
    let title = format!("{} · {}", request.merchant, request.order_number);
    let payment = request.payment.to_string();
    let (method, capture) = match request.method {
        Method::Alipay => ("alipay", "automatic"),
        Method::WechatPay => ("wechat_pay", "automatic"),
        Method::Card | Method::Sandbox => ("card", "manual"),
    };
    let mut form: Form = vec![
        ("mode", "payment".into()),
        ("payment_method_types[0]", method.into()),
        ("line_items[0][quantity]", "1".into()),
        ("line_items[0][price_data][currency]", request.amount.currency.as_str().to_ascii_lowercase()),
        ("line_items[0][price_data][unit_amount]", amount.to_string()),
        ("line_items[0][price_data][product_data][name]", title.clone()),
        ("client_reference_id", payment.clone()),
        ("payment_intent_data[capture_method]", capture.into()),
        ("payment_intent_data[description]", title),
        ("success_url", request.return_url.clone()),
        ("cancel_url", request.return_url.clone()),
        ("locale", locale(&request.language).into()),
        ("expires_at", expiry(note.opened_at, request.until).unix_secs().to_string()),
        ("expand[0]", "payment_intent".into()),
    ];
    form.push(("metadata[payment]", payment.clone()));
    form.push(("payment_intent_data[metadata][payment]", payment));
    match request.method {
        Method::Card => {
            let suffix = statement(&request.order_number);
            form.push(("payment_intent_data[statement_descriptor_suffix]", suffix));
            if request.keep {
                form.push(("customer_creation", "always".into()));
                form.push(("payment_intent_data[setup_future_usage]", "on_session".into()));
            }
        }
        Method::WechatPay => form.push(("payment_method_options[wechat_pay][client]", "web".into())),
        Method::Alipay | Method::Sandbox => {}
    }
    form
}

/// The form that opens a payment with a card that Stripe keeps. It takes no money yet: [`confirmation`] does.
pub(super) fn kept_form(request: &PaymentRequest, kept: &Kept, amount: i64) -> Form {
    let mut form: Form = vec![
        ("amount", amount.to_string()),
        ("currency", request.amount.currency.as_str().to_ascii_lowercase()),
        ("payment_method_types[0]", "card".into()),
        ("payment_method", kept.token.clone()),
        ("capture_method", "manual".into()),
        ("description", format!("{} · {}", request.merchant, request.order_number)),
        ("statement_descriptor_suffix", statement(&request.order_number)),
        ("metadata[payment]", request.payment.to_string()),
    ];
    form.extend(kept.customer.clone().map(|customer| ("customer", customer)));
    form
}

/// The buyer is here and has agreed: the bank may ask for them, on a page that leads back to us.
pub(super) fn confirmation(request: &PaymentRequest) -> Form {
    vec![("return_url", request.return_url.clone()), ("off_session", "false".into())]
}

/// What stands behind the merchant's name on the buyer's statement: ten characters at most, one of them a letter.
fn statement(order_number: &str) -> String {
    let kept: Vec<char> = order_number.chars().filter(char::is_ascii_alphanumeric).collect();
    let last: String = kept[kept.len().saturating_sub(8)..].iter().collect();
    format!("NR{last}")
}

fn expiry(opened_at: Timestamp, until: Timestamp) -> Timestamp {
    until.max(opened_at + OPEN_AT_LEAST).min(opened_at + OPEN_AT_MOST)
}

fn locale(language: &Language) -> &'static str {
    let whole = language.as_str();
    let primary = whole.split('-').next().unwrap_or(whole);
    let named = |text: &str| LOCALES.into_iter().find(|locale| locale.eq_ignore_ascii_case(text));
    named(whole).or_else(|| named(primary)).unwrap_or("auto")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_speaks_the_buyer_s_language_where_it_can() {
        let check = |text: &str, expected: &str| {
            assert_eq!(locale(&text.parse().expect("a language")), expected, "{text}");
        };
        check("en", "en");
        check("zh", "zh");
        check("zh-Hans", "zh");
        check("pt-BR", "pt-BR");
        check("is", "auto");
    }

    #[test]
    fn a_page_is_open_as_long_as_the_claim_within_stripes_bounds() {
        let opened = Timestamp::from_unix_millis(1_795_348_800_000);
        let check = |mins: i64, expected: i64| {
            assert_eq!(expiry(opened, opened + Millis::from_mins(mins)), opened + Millis::from_mins(expected));
        };
        check(10, 31);
        check(60, 60);
        check(72 * 60, 23 * 60);
    }

    #[test]
    fn a_statement_line_is_short_and_has_a_letter() {
        assert_eq!(statement("2611-K7QM-2X4R"), "NRK7QM2X4R");
        assert_eq!(statement("2611-7777-2222"), "NR77772222");
        assert_eq!(statement(""), "NR");
    }
}
