//! Buyers' accounts: a link by mail or a code by phone, and no password. Asking for one says nothing about who exists.

use kernel::{Language, Millis, PersonId, ViewerId};
use shop::books::What;
use shop::buyer::read_phone;

use super::setup::checked_email;
use super::sign_in::{self, Opened};
use super::token;
use crate::messages::people::Writer;
use crate::messages::{self, Reach};
use crate::ports::{About, Channel, PersonRow, Secret, SecretPurpose, StoreError, till};
use crate::till::basket;
use crate::{Actor, App, Code, PersonKind, Problem, house};

/// How long a link or a code opens an account.
const VALID: Millis = Millis::from_mins(15);
/// Links and codes that one address gets within the throttle's window. What one client asks for is counted at the door.
const ASKED: usize = 3;
/// Wrong codes, before every code of the phone is over.
const GUESSES: usize = 5;

/// Slows down who asks too often for one address, whether it belongs to somebody or not.
fn throttled(app: &App, address: &str) -> Result<(), Problem> {
    app.throttle.count(&format!("asked {address}"), ASKED, app.now()).map(drop)
}

/// Sends a link that signs in once.
pub async fn send_link(app: &App, email: &str, language: &Language) -> Result<(), Problem> {
    let email = checked_email(email)?;
    throttled(app, &email)?;
    let house = house::get(app).await?.name;
    let (writer, public_url) = (Writer { house: &house, language }, &app.messages.public_url);
    let known = app.ports.people.by_email(&email).await?;
    let letter = if known.is_some_and(|person| person.kind == PersonKind::Staff) {
        writer.password_instead(format!("{public_url}/sign-in"))
    } else {
        let secret = app.entropy.draw(token::mint);
        let now = app.now();
        let (purpose, hash, until) = (SecretPurpose::Link, token::hash(&secret), now + VALID);
        app.ports.people.add_secret(Secret { purpose, hash, subject: email.clone(), until }, now).await?;
        writer.link(format!("{public_url}/account?token={secret}"))
    };
    messages::queue(app, About::SignIn, Reach { channel: Channel::Mail, to: email }, &letter, VALID).await
}

/// A phone as an account is known by: with its country, so that one phone is one account.
fn known_phone(text: &str) -> Result<String, Problem> {
    let phone = read_phone(text.trim()).filter(|phone| phone.starts_with('+'));
    phone.ok_or_else(|| Problem::field("phone", "not_a_phone"))
}

/// Sends a code of six digits; a phone's earlier ones are over.
pub async fn send_code(app: &App, phone: &str, language: &Language) -> Result<(), Problem> {
    let phone = known_phone(phone)?;
    throttled(app, &phone)?;
    let code = app.entropy.draw(|random| format!("{:06}", random.below(1_000_000)));
    let now = app.now();
    let (purpose, hash, until) = (SecretPurpose::Code, code_hash(app, &phone, &code), now + VALID);
    app.ports.people.forget_secrets(purpose, &phone).await?;
    app.ports.people.add_secret(Secret { purpose, hash, subject: phone.clone(), until }, now).await?;
    let house = house::get(app).await?.name;
    let letter = Writer { house: &house, language }.code(&code);
    messages::queue(app, About::SignIn, Reach { channel: Channel::Sms, to: phone }, &letter, VALID).await
}

/// A code has 20 bits: what the store keeps of it is keyed, so that who reads the table cannot try them all.
fn code_hash(app: &App, phone: &str, code: &str) -> String {
    token::keyed_hash(&app.master_key, &format!("code.{phone}.{code}"))
}

/// Signs in with the link from a mail, once.
pub async fn by_link(app: &App, actor: &Actor, secret: &str) -> Result<Opened, Problem> {
    let now = app.now();
    let email = app.ports.people.use_secret(SecretPurpose::Link, &token::hash(secret), now).await?;
    let email = email.ok_or(Code::LinkUsedOrExpired)?;
    let found = app.ports.people.by_email(&email).await?;
    let buyer = |id| PersonRow { email: Some(email.clone()), ..blank(app, id) };
    open(app, actor, found, buyer).await
}

/// Signs in with a phone's code, once.
pub async fn by_code(app: &App, actor: &Actor, phone: &str, code: &str) -> Result<Opened, Problem> {
    let now = app.now();
    let phone = known_phone(phone)?;
    let key = format!("guessed {phone}");
    let guesses = app.throttle.count(&key, GUESSES, now)?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let used = app.ports.people.use_secret(SecretPurpose::Code, &code_hash(app, &phone, &digits), now).await?;
    if used.is_none() {
        if guesses >= GUESSES {
            app.ports.people.forget_secrets(SecretPurpose::Code, &phone).await?;
        }
        return Err(Code::LinkUsedOrExpired.into());
    }
    app.throttle.take_back(&key, now);
    let found = app.ports.people.by_phone(&phone).await?;
    let buyer = |id| PersonRow { phone: Some(phone.clone()), ..blank(app, id) };
    open(app, actor, found, buyer).await
}

/// An account that knows nothing yet.
fn blank(app: &App, id: PersonId) -> PersonRow {
    PersonRow {
        id,
        kind: PersonKind::Buyer,
        name: String::new(),
        email: None,
        phone: None,
        password_hash: None,
        memberships: Vec::new(),
        created_at: app.now(),
        last_seen: None,
    }
}

/// Opens the account of a proven address, made where there is none, and takes this device's basket and tab along.
async fn open(
    app: &App,
    actor: &Actor,
    found: Option<PersonRow>,
    buyer: impl FnOnce(PersonId) -> PersonRow,
) -> Result<Opened, Problem> {
    let id = match found {
        // Somebody became staff meanwhile: their password is the way in.
        Some(person) if person.kind == PersonKind::Staff => return Err(Code::LinkUsedOrExpired.into()),
        Some(person) => person.id,
        None => {
            let now = app.now();
            let row = buyer(app.entropy.draw(|random| PersonId::mint(now, random)));
            let id = row.id;
            app.ports.people.add_buyer(row).await.map_err(|error| match error {
                StoreError::Duplicate(_) => Problem::from(Code::Busy).retry_after(1),
                other => other.into(),
            })?;
            id
        }
    };
    let opened = sign_in::open(app, id).await?;
    if let Some(device) = actor.viewer
        && let Err(problem) = basket::take_along(app, device, id).await
    {
        // The link is used up: who is in stays in, and the device's basket stays with the device.
        tracing::warn!(%problem, "a basket was not taken along");
    }
    if let Some((device, account)) = actor.viewer.zip(viewer_of(id)) {
        let desk = &app.till.desk;
        let take = desk.command(What::TakeAlong { device, account, person: id });
        if let Err(problem) = till::take_along(&*desk.till, take).await {
            tracing::warn!(%problem, "a tab was not taken along");
        }
    }
    Ok(opened)
}

/// The viewer under whom a buyer's account keeps its basket and places its orders, whatever device it is on.
#[must_use]
pub fn viewer_of(person: PersonId) -> Option<ViewerId> {
    person.to_string().parse().ok()
}
