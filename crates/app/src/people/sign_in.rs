//! Signing in with a password, and out again.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use kernel::{Millis, PersonId, SessionId, Timestamp};

use super::{password, token};
use crate::ports::NewSession;
use crate::{App, Code, Problem};

/// A session ends after so long; a person signs in again about once a month.
const VALID: Millis = Millis::from_days(30);

/// Attempts before one who tries has to wait, and before everybody has to: who locks somebody out needs several machines.
const ATTEMPTS: usize = 5;
const ATTEMPTS_OF_ALL: usize = 20;
/// How long those that failed count.
const WINDOW: Millis = Millis::from_mins(5);
/// Addresses remembered at once; past it the oldest are forgotten, so memory is bounded.
const REMEMBERED: usize = 10_000;

/// Counts sign-ins, and links and codes that were asked for, by the address that was tried: guessing one person's password
/// is slow from anywhere, and nobody's mailbox is flooded. Keys are hashed: one takes as much room as another.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Throttle {
    /// Counts one more and says how many there are now within the window; past `most` nothing is counted, and the answer
    /// is `slow_down`. To be called before anything is checked: tries that run side by side must not all pass.
    pub(crate) fn count(&self, key: &str, most: usize, now: Timestamp) -> Result<usize, Problem> {
        let key = token::hash(key);
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if map.len() >= REMEMBERED && !map.contains_key(&key) {
            let oldest = map.iter().min_by_key(|(_, times)| times.last().copied()).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                map.remove(&oldest);
            }
        }
        let times = map.entry(key).or_default();
        times.retain(|at| now - *at < WINDOW);
        if times.len() >= most {
            return Err(Problem::from(Code::SlowDown).retry_after(60));
        }
        times.push(now);
        Ok(times.len())
    }

    /// What was counted at that time turned out to be right.
    pub(super) fn take_back(&self, key: &str, at: Timestamp) {
        let key = token::hash(key);
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = map.get_mut(&key) else { return };
        if let Some(place) = times.iter().rposition(|time| *time == at) {
            times.remove(place);
        }
        if times.is_empty() {
            map.remove(&key);
        }
    }
}

/// A session that was opened: the token goes into the cookie and is never shown again.
#[derive(Clone, Debug)]
pub struct Opened {
    pub token: String,
    pub until: Timestamp,
}

/// Opens a session for who knows the password; `from` is where they try it.
pub async fn with_password(app: &App, email: &str, password: String, from: IpAddr) -> Result<Opened, Problem> {
    let email = email.trim().to_lowercase();
    let own = format!("{from} {email}");
    let now = app.now();
    app.throttle.count(&own, ATTEMPTS, now)?;
    app.throttle.count(&email, ATTEMPTS_OF_ALL, now)?;
    let proven = prove(app, &email, password).await;
    if !matches!(&proven, Err(problem) if problem.code == Code::SignInFailed) {
        app.throttle.take_back(&own, now);
        app.throttle.take_back(&email, now);
    }
    open(app, proven?).await
}

async fn prove(app: &App, email: &str, password: String) -> Result<PersonId, Problem> {
    let found = app.ports.people.by_email(email).await?;
    let known = found.as_ref().and_then(|person| Some((person.id, person.password_hash.clone()?)));
    // Who does not exist costs as much time as who does, so that an address cannot be probed by the clock.
    let (person, hash) = known.map_or_else(|| (None, NOBODY.to_owned()), |(id, hash)| (Some(id), hash));
    let matched = password::matches(password, hash).await?;
    person.filter(|_| matched).ok_or_else(|| Code::SignInFailed.into())
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
        app.rooms.rights_changed();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

    #[test]
    fn a_full_memory_forgets_the_oldest_alone() {
        let throttle = Throttle::default();
        let count = |number: i64| throttle.count(&format!("{number}@example.com"), 1, START + Millis(number));
        let remembered = i64::try_from(REMEMBERED).expect("a small number");
        for number in 0..=remembered {
            assert_eq!(count(number).ok(), Some(1), "{number}");
        }
        assert!(count(1).is_err(), "the second oldest still has to wait");
        assert_eq!(count(0).ok(), Some(1), "the oldest was forgotten");
    }

    #[test]
    fn what_is_taken_back_does_not_count() {
        let throttle = Throttle::default();
        let count = |after_ms| throttle.count("ann@example.com", 2, START + Millis(after_ms)).ok();
        assert_eq!((count(0), count(1), count(2)), (Some(1), Some(2), None));
        throttle.take_back("ann@example.com", START + Millis(1));
        assert_eq!((count(3), count(4)), (Some(2), None));
        assert_eq!(count(WINDOW.0), Some(2), "the first is over");
    }
}
