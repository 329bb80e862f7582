//! A question as its room shows it.

use kernel::{Country, MessageId, ViewerId};
use room::{Kind, Notice, TriviaPhase, TriviaShown, Winner};
use shop::drop::{Drop, Phase};
use shop::shipping::{ShippingRate, Zone};

use crate::drops::facts::facts;
use crate::drops::shown::room;
use crate::ports::{Decided, RoomFeed, TriviaRow, TriviaStanding};
use crate::{App, Problem};

/// Answers that are read at once to find somebody's.
const PAGE: u32 = 1_000;

/// Tells its room how a question stands; a room that says so already adds nothing.
pub(crate) async fn tell(app: &App, prize: &Drop) {
    match shown(app, prize).await {
        Ok(Some(shown)) => app.rooms.post(room(prize), Notice::Trivia(Box::new(shown))).await,
        Ok(None) => {}
        Err(problem) => {
            tracing::warn!(trivia = %prize.id, %problem, "a room hears of a question a moment later");
            app.till.known_drops.moved(prize.id);
        }
    }
}

/// What everybody may know of it; nothing before it is armed.
async fn shown(app: &App, prize: &Drop) -> Result<Option<TriviaShown>, Problem> {
    let Some(row) = app.till.trivia.trivia(prize.id).await? else { return Ok(None) };
    let phase = match (prize.phase(app.now()), &row.standing) {
        (Phase::Planned, _) => return Ok(None),
        (Phase::Ended, _) => TriviaPhase::Ended,
        (_, TriviaStanding::Waiting) => TriviaPhase::Armed,
        (_, TriviaStanding::Asked { .. }) => TriviaPhase::Open,
        (_, TriviaStanding::Decided(_)) => TriviaPhase::Decided,
    };
    let TriviaRow { question, standing, .. } = row;
    let asked = !matches!(standing, TriviaStanding::Waiting);
    let decided = match standing {
        TriviaStanding::Decided(decided) => Some(decided),
        TriviaStanding::Asked { .. } | TriviaStanding::Waiting => None,
    };
    let known = facts(app, prize.id).await?;
    let wanted = prize.countries.clone();
    let countries = known.map_or(wanted.clone(), |facts| delivered(&facts.rates, wanted));
    let winner = match &decided {
        Some(decided) => winner(app, prize, decided).await?,
        None => None,
    };
    Ok(Some(TriviaShown {
        id: prize.id,
        number: prize.at.number,
        variant_id: prize.variant,
        phase,
        basis_points: prize.prize.map_or(0, |prize| prize.basis_points),
        countries,
        opens_at_ms: prize.armed().and_then(|armed| armed.opens_at).map(|at| at.unix_millis()),
        closes_at_ms: prize.armed().and_then(|armed| armed.closes_at).map(|at| at.unix_millis()),
        answer: decided.as_ref().and_then(|_| question.answers.first().cloned()),
        question: asked.then_some(question.text),
        answers: decided.as_ref().map_or(0, |decided| decided.answers),
        winner,
        spread: decided.map(|decided| decided.spread).unwrap_or_default(),
    }))
}

/// Where somebody must live to win: everywhere without any. As for a drop, that is where something can be sent.
fn delivered(rates: &[ShippingRate], wanted: Option<Vec<Country>>) -> Option<Vec<Country>> {
    if rates.iter().any(|rate| rate.zone == Zone::Elsewhere) {
        return wanted;
    }
    let own = |rate: &ShippingRate| match rate.zone {
        Zone::Country(country) => Some(country),
        Zone::Elsewhere => None,
    };
    let mut reached: Vec<Country> = rates.iter().filter_map(own).collect();
    reached.sort_unstable();
    reached.dedup();
    reached.retain(|country| wanted.as_ref().is_none_or(|wanted| wanted.contains(country)));
    Some(reached)
}

/// Whose the prize is now, under the name of their answer.
async fn winner(app: &App, prize: &Drop, decided: &Decided) -> Result<Option<Winner>, Problem> {
    let claims = app.till.drops.claims_of_drop(prize.id).await?;
    let Some(by) = claims.iter().find(|claim| claim.counts()).map(|claim| claim.viewer) else { return Ok(None) };
    let name = name(app, prize, decided.from, by).await?.unwrap_or_default();
    let now = app.now();
    let id = app.entropy.draw(|random| MessageId::mint(now, random));
    Ok(Some(Winner { id, by: Some(by), name }))
}

async fn name(app: &App, prize: &Drop, from: u64, by: ViewerId) -> Result<Option<String>, Problem> {
    let mut after = from;
    loop {
        let page = app.rooms.log().answers(room(prize), after, PAGE).await?;
        for (event, _) in &page {
            after = event.offset;
            if let Kind::Answer { trivia_id, given: Some(given) } = &event.kind
                && (*trivia_id, given.by) == (prize.id, by)
            {
                return Ok(Some(given.name.clone()));
            }
        }
        if page.len() < PAGE as usize {
            return Ok(None);
        }
    }
}
