//! Signing in with a password, and out again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kernel::{Millis, PersonId, SessionId, Timestamp};

use super::{password, token};
use crate::ports::NewSession;
use crate::{App, Code, Problem};

/// A session ends after so long; a person signs in again about once a month.
const VALID: Millis = Millis::from_days(30);

/// Failed attempts before an address has to wait, and how long they count.
const ATTEMPTS: usize = 5;
const WINDOW: Millis = Millis::from_mins(5);
/// Addresses remembered at once; past it the oldest are forgotten, so memory is bounded.
const REMEMBERED: usize = 10_000;

/// Counts failed sign-ins, and links and codes that were asked for, by the address that was tried: guessing one person's
/// password is slow from anywhere, and nobody's mailbox is flooded.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Throttle {
    pub(super) fn recent(&self, key: &str, now: Timestamp) -> usize {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.get_mut(key).map_or(0, |times| {
            times.retain(|at| now - *at < WINDOW);
            times.len()
        })
    }

    pub(super) fn count(&self, key: &str, now: Timestamp) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= REMEMBERED {
            map.retain(|_, times| times.last().is_some_and(|at| now - *at < WINDOW));
            if map.len() >= REMEMBERED {
                map.clear();
            }
        }
        map.entry(key.to_owned()).or_default().push(now);
    }
}

/// A session that was opened: the token goes into the cookie and is never shown again.
#[derive(Clone, Debug)]
pub struct Opened {
    pub token: String,
    pub until: Timestamp,
}

/// Opens a session for who knows the password.
pub async fn with_password(app: &App, email: &str, password: String) -> Result<Opened, Problem> {
    let email = email.trim().to_lowercase();
    let now = app.now();
    if app.throttle.recent(&email, now) >= ATTEMPTS {
        return Err(Problem::from(Code::SlowDown).retry_after(60));
    }
    let found = app.ports.people.by_email(&email).await?;
    let known = found.as_ref().and_then(|person| Some((person.id, person.password_hash.clone()?)));
    // Who does not exist costs as much time as who does, so that an address cannot be probed by the clock.
    let (person, hash) = known.map_or_else(|| (None, NOBODY.to_owned()), |(id, hash)| (Some(id), hash));
    let matched = password::matches(password, hash).await?;
    match person {
        Some(person) if matched => open(app, person).await,
        _ => {
            app.throttle.count(&email, now);
            Err(Code::SignInFailed.into())
        }
    }
}

/// A well-formed hash that no password matches.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Opens a session for somebody whose identity was proven.
pub(crate) async fn open(app: &App, person: PersonId) -> Result<Opened, Problem> {
    let now = app.now();
    let (id, secret) = app.entropy.draw(|random| (SessionId::mint(now, random), token::mint(random)));
    let until = now + VALID;
    let session = NewSession { id, token_hash: token::hash(&secret), person, created_at: now, until };
    app.ports.people.add_session(session).await?;
    Ok(Opened { token: secret, until })
}

/// Opens a session for the owner who was just made.
pub async fn after_setup(app: &App, owner: PersonId) -> Result<Opened, Problem> {
    open(app, owner).await
}

/// Ends the session of this token; ending twice is the same as once.
pub async fn out(app: &App, session_token: &str) -> Result<(), Problem> {
    if let Some(session) = app.ports.people.session(&token::hash(session_token), app.now()).await? {
        app.ports.people.end_session(session.id).await?;
    }
    Ok(())
}
