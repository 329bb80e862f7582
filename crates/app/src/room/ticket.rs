//! A ticket into a room for pages that cannot send our cookies: signed, for one show, good for 30 seconds, and sent as the
//! socket's first frame, never in its address.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Millis, PersonId, ShowId, Timestamp, ViewerId};

use crate::{Actor, App, Code, Person, Problem};

/// How long a ticket is good for.
const GOOD_FOR: Millis = Millis::from_secs(30);

/// A ticket and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub text: String,
    pub until: Timestamp,
}

fn tag(key: &[u8; 32], claims: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, format!("room-ticket.{claims}").as_bytes()))
}

/// # Errors
/// `viewer_needed` for who is neither viewer nor signed in.
pub fn issue(app: &App, actor: &Actor, show: ShowId) -> Result<Ticket, Problem> {
    if actor.viewer.is_none() && actor.person.is_none() {
        return Err(Code::ViewerNeeded.into());
    }
    let until = app.now() + GOOD_FOR;
    let viewer = actor.viewer.map(|id| id.to_string()).unwrap_or_default();
    // A token's narrower scopes do not travel: its ticket is a viewer's.
    let person =
        actor.person_id().filter(|_| actor.token_scopes.is_none()).map(|id| id.to_string()).unwrap_or_default();
    let claims = format!("{show}.{viewer}.{person}.{}", until.unix_millis());
    let text = format!("{claims}.{}", tag(&app.master_key, &claims));
    Ok(Ticket { text, until })
}

/// The actor of a ticket.
///
/// # Errors
/// `ticket_expired` for one that is over, of another show, or not ours.
pub async fn redeem(app: &App, text: &str, show: ShowId) -> Result<Actor, Problem> {
    let (viewer, person) = read(&app.master_key, text, show, app.now()).ok_or(Code::TicketExpired)?;
    let row = match person {
        Some(id) => app.ports.people.person(id).await?,
        None => None,
    };
    let person = row.map(|row| Person { id: row.id, kind: row.kind, memberships: row.memberships });
    Ok(Actor { viewer, person, ..Actor::default() })
}

fn read(key: &[u8; 32], text: &str, show: ShowId, now: Timestamp) -> Option<(Option<ViewerId>, Option<PersonId>)> {
    let (claims, given) = text.rsplit_once('.')?;
    let given = URL_SAFE_NO_PAD.decode(given).ok()?;
    let signing = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::verify(&signing, format!("room-ticket.{claims}").as_bytes(), &given).ok()?;
    let mut parts = claims.split('.');
    let (for_show, viewer, person) = (parts.next()?, parts.next()?, parts.next()?);
    let until = Timestamp::from_unix_millis(parts.next()?.parse().ok()?);
    if for_show != show.to_string() || now >= until {
        return None;
    }
    Some((viewer.parse().ok(), person.parse().ok()))
}

#[cfg(test)]
mod tests {
    use kernel::Random;

    use super::*;

    #[test]
    fn a_ticket_is_for_one_show_and_thirty_seconds() {
        let mut random = Random::seeded(4);
        let key: [u8; 32] = random.bytes();
        let now = Timestamp::from_unix_millis(1_000_000);
        let (show, other) = (ShowId::mint(now, &mut random), ShowId::mint(now, &mut random));
        let viewer = ViewerId::mint(now, &mut random);
        let claims = format!("{show}.{viewer}..{}", (now + GOOD_FOR).unix_millis());
        let text = format!("{claims}.{}", tag(&key, &claims));
        let check = |text: &str, show, after_ms, expected| {
            assert_eq!(read(&key, text, show, now + Millis(after_ms)), expected, "{text} after {after_ms} ms");
        };
        check(&text, show, 0, Some((Some(viewer), None)));
        check(&text, show, 29_999, Some((Some(viewer), None)));
        check(&text, show, 30_000, None);
        check(&text, other, 0, None);
        check(&text.replacen(&show.to_string(), &other.to_string(), 1), other, 0, None);
        check("", show, 0, None);
        check("a.b.c.d.e", show, 0, None);
    }
}
