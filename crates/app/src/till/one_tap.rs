//! One tap: a returning buyer pays with what is kept of them, in one request: claim or tab → order → paid.

use kernel::{ClaimId, Currency, EntryId, Language, Money};
use shop::wallet::{SavedAddress, SavedMethod, Wallet};

use super::checkout::{CheckedOut, Checkout, Piece, came_before, check_out};
use super::price::{Buying, Priced, Wanted, price_all};
use super::wallet::{owner, wallet};
use crate::drops::{claim, tab};
use crate::ports::SandboxOutcome;
use crate::{Actor, App, Code, Problem};

/// What is bought: one piece, or claims on the buyer's tab.
#[derive(Clone, Debug)]
pub enum Of {
    Piece(Piece),
    Claims(Vec<ClaimId>),
}

/// Everything that the buyer agreed to by pressing the button.
#[derive(Clone, Debug)]
pub struct OneTap {
    pub idempotency_key: String,
    /// SHA-256 of the request's body, in hex.
    pub request_hash: String,
    pub of: Of,
    pub currency: Currency,
    /// Which of the saved ones.
    pub address: EntryId,
    pub method: EntryId,
    pub shipping: EntryId,
    pub expected_total: Money,
    pub language: Language,
    /// Sandbox only: what the bank says.
    pub sandbox: Option<SandboxOutcome>,
    /// The house's address, where a bank that asks for the buyer sends the browser back to.
    pub public_url: String,
    pub merchant: String,
}

/// What one tap would come to, and whether there is enough to do it with.
#[derive(Clone, Debug)]
pub struct Offered {
    pub priced: Priced,
    pub buying: Buying,
    pub address: SavedAddress,
    pub method: SavedMethod,
}

/// What one tap would come to for this buyer: delivered to their newest address, paid with their newest method that is
/// still good. `None` for who has not both, or is a guest.
pub async fn offered(app: &App, actor: &Actor, of: &Of, currency: Currency) -> Result<Option<Offered>, Problem> {
    if owner(actor).is_err() {
        return Ok(None);
    }
    let own = wallet(app, actor).await?;
    let (now, provider) = (app.now(), app.till.payments().name());
    let good = |method: &SavedMethod| method.provider == provider && !method.kept.expired(now);
    let Some((address, method)) = own.addresses.into_iter().next().zip(own.methods.into_iter().find(good)) else {
        return Ok(None);
    };
    let buying = Buying { currency, country: address.address.country, shipping: None, codes: Vec::new() };
    let lines = match of {
        Of::Claims(claims) => tab::lines(app, actor, claims, currency).await?,
        Of::Piece(Piece::Variant(line)) => vec![Wanted::bought(line.clone())],
        Of::Piece(Piece::InDrop { drop, quantity }) => {
            vec![claim::line(app, actor, (*drop, *quantity), &buying).await?]
        }
    };
    let priced = price_all(app, actor, now, &lines, &buying).await?;
    Ok(Some(Offered { priced, buying, address, method }))
}

/// Buys it, and pays. Repeated with the same key it is the same order, however often it is asked.
///
/// # Errors
/// `sign_in_first`; `invalid` for an address or a method that is not the buyer's; `card_expired`, `payment_declined`,
/// `not_shipped`, `price_changed`; and all that a checkout and a claim refuse. Where the payment came to nothing, claims of
/// drops and of staff are on the buyer's tab.
pub async fn pay(app: &App, actor: &Actor, tap: OneTap) -> Result<CheckedOut, Problem> {
    let own = wallet(app, actor).await?;
    let (address, method) = match chosen(app, own, &tap) {
        Ok(both) => both,
        // Forgotten since, or expired: what was bought with it was bought.
        Err(refused) => {
            let said = (tap.idempotency_key.as_str(), tap.request_hash.as_str());
            return came_before(app, actor, said, refused).await;
        }
    };
    let (piece, claims) = match tap.of {
        Of::Piece(piece) => (Some(piece), Vec::new()),
        Of::Claims(claims) => (None, claims),
    };
    let checkout = Checkout {
        idempotency_key: tap.idempotency_key,
        request_hash: tap.request_hash,
        basket_version: None,
        claims,
        piece,
        currency: tap.currency,
        country: address.address.country,
        contact: address.contact,
        address: address.address,
        shipping: tap.shipping,
        codes: Vec::new(),
        expected_total: tap.expected_total,
        language: tap.language,
        method: method.kept.method,
        remember: false,
        using: Some(method.kept),
        sandbox: tap.sandbox,
        public_url: tap.public_url,
        merchant: tap.merchant,
    };
    check_out(app, actor, checkout).await
}

fn chosen(app: &App, own: Wallet, tap: &OneTap) -> Result<(SavedAddress, SavedMethod), Problem> {
    let unknown = |field| move || Problem::field(field, "not_found");
    let address = own.addresses.into_iter().find(|known| known.id == tap.address).ok_or_else(unknown("address_id"))?;
    let provider = app.till.payments().name();
    let method = own.methods.into_iter().find(|known| known.id == tap.method && known.provider == provider);
    let method = method.ok_or_else(unknown("method_id"))?;
    if method.kept.expired(app.now()) { Err(Code::CardExpired.into()) } else { Ok((address, method)) }
}
