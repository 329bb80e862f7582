//! What questions do by themselves: they are asked when their time comes, answers are judged in the order of the log, right ones
//! are handed to the till, and the winner is named. A prize that is not paid for passes to the next right answer.

use std::time::Duration;

use kernel::{Country, Currency, DropId, Millis};
use room::{Kind, Right, Round};
use shop::books::{ClaimInDrop, Claimed, What};
use shop::claim::Claim;
use shop::drop::{Drop, EndedBecause, Phase};

use super::known::Hearing;
use super::shown;
use crate::drops::facts::{DropFacts, facts};
use crate::drops::jobs::{end, offer, show_is_over};
use crate::drops::set_aside::account_of;
use crate::ports::{Decided, TriviaRow, TriviaStanding, till};
use crate::room::{ClaimChange, ClaimNews};
use crate::{App, Problem, house};

/// How often a question is looked at that is asked now.
const LOOK: Duration = Duration::from_millis(100);
/// So long after the first right answer further ones are taken, which stand in line for the prize: who pressed at the same
/// moment is not left out, and the winner is named within half a second.
const LINGER: Millis = Millis(200);
/// So long after it is decided answers are read that the room took before it heard so.
const STRAGGLERS: Millis = Millis::from_secs(1);
/// So long a question that is decided stays in the room at least.
const TOLD: Millis = Millis::from_secs(15);
/// Answers that are read at once.
const PAGE: u32 = 1_000;

/// Looks closely at the questions that are asked now; without any it waits.
pub async fn round(app: &App) {
    let live = app.till.known_trivia.live().await;
    tokio::time::sleep(LOOK).await;
    for id in live {
        if let Err(problem) = look(app, id, false).await {
            tracing::warn!(trivia = %id, %problem, "a question is looked at in the next round");
        }
    }
}

/// Does what is due of one question, and tells its room how many have answered.
pub(crate) async fn tend(app: &App, id: DropId) -> Result<(), Problem> {
    look(app, id, true).await
}

async fn look(app: &App, id: DropId, count: bool) -> Result<(), Problem> {
    let known = &app.till.known_trivia;
    let _alone = known.tending.lock().await;
    let row = app.till.trivia.trivia(id).await?;
    let prize = app.till.drops.drop_of(id).await?;
    let Some((row, prize)) = row.zip(prize).filter(|(_, prize)| prize.armed().is_some()) else {
        known.rest(id);
        known.take(id);
        return Ok(());
    };
    let (now, phase) = (app.now(), prize.phase(app.now()));
    if !matches!(row.standing, TriviaStanding::Decided(_)) && show_is_over(app, &prize).await? {
        return end(app, id, EndedBecause::Stopped).await;
    }
    match &row.standing {
        TriviaStanding::Waiting => match phase {
            Phase::Open | Phase::Closed => {
                let from = app.rooms.log().last(crate::drops::shown::room(&prize)).await?;
                app.till.trivia.move_trivia(id, TriviaStanding::Waiting, TriviaStanding::Asked { from }).await?;
                known.listen(id);
                shown::tell(app, &prize).await;
                Ok(())
            }
            _ if prize.armed().is_some_and(|armed| armed.opens_at.is_some()) => {
                known.listen(id);
                Ok(())
            }
            _ => {
                known.rest(id);
                Ok(())
            }
        },
        TriviaStanding::Asked { from } => {
            known.listen(id);
            let hearing = hear(app, &prize, &row, *from).await?;
            let over = hearing.first.as_ref().is_some_and(|(came, _)| now - *came >= LINGER) || phase == Phase::Closed;
            let told = if over { decide(app, &prize, &row, *from, &hearing).await } else { Ok(()) };
            known.keep(id, hearing);
            told?;
            if over || count {
                shown::tell(app, &prize).await;
            }
            Ok(())
        }
        TriviaStanding::Decided(decided) => settle(app, &prize, &row, decided).await,
    }
}

/// Reads what was answered since, and hands right answers to the till, in their order.
async fn hear(app: &App, prize: &Drop, row: &TriviaRow, from: u64) -> Result<Hearing, Problem> {
    let room = crate::drops::shown::room(prize);
    let mut hearing = app.till.known_trivia.take(prize.id).unwrap_or_else(|| Hearing {
        round: Round::new(row.question.clone(), from),
        read: from,
        came: Vec::new(),
        handed: 0,
        first: None,
    });
    loop {
        let page = app.rooms.log().answers(room, hearing.read, PAGE).await?;
        for (event, at) in &page {
            hearing.read = event.offset;
            let Kind::Answer { trivia_id, given: Some(given) } = &event.kind else { continue };
            if *trivia_id == prize.id {
                hearing.round.hear(Right { offset: event.offset, message: given.id, by: given.by }, &given.text);
                if hearing.round.right().len() > hearing.came.len() {
                    hearing.came.push((*at, given.country, given.currency));
                }
            }
        }
        if page.len() < PAGE as usize {
            break;
        }
    }
    while let Some(right) = hearing.round.right().get(hearing.handed).copied() {
        let (came, country, currency) = hearing.came[hearing.handed];
        if let Some(claim) = hand_over(app, prize, right, country, currency).await?
            && hearing.first.is_none()
        {
            hearing.first = Some((came, claim));
        }
        hearing.handed += 1;
    }
    Ok(hearing)
}

/// A right answer takes the prize out of its pot, or stands in line for it. `None` too for who may not have it: the next right
/// answer may.
async fn hand_over(
    app: &App,
    prize: &Drop,
    right: Right,
    country: Option<Country>,
    currency: Option<Currency>,
) -> Result<Option<Claim>, Problem> {
    let Some(facts) = facts(app, prize.id).await? else { return Ok(None) };
    let house = house::get(app).await?;
    let home = prize.countries.as_ref().unwrap_or(&house.countries).first().copied();
    let (Some(country), Some(own)) = (country.or(home), house.currencies.first()) else { return Ok(None) };
    let quote = |facts: &DropFacts, currency| facts.quote(app.now(), currency, country);
    let quoted = currency.map(|currency| quote(&facts, currency)).and_then(Result::ok);
    let quote = match quoted.map_or_else(|| quote(&facts, *own), Ok) {
        Ok(quote) => quote,
        Err(problem) => {
            tracing::info!(trivia = %prize.id, offset = right.offset, %problem, "a right answer that cannot have the prize");
            return Ok(None);
        }
    };
    let wish = ClaimInDrop {
        drop: prize.id,
        viewer: right.by,
        person: account_of(app, right.by).await?,
        quantity: 1,
        country,
        quote,
        key: format!("answer-{}", right.offset),
        wait: true,
        won: true,
    };
    let desk = &app.till.desk;
    match till::claim(&*desk.till, desk.command(What::Claim(Box::new(wish)))).await? {
        Claimed::New(claim) => Ok(Some(*claim)),
        Claimed::Replayed(claim) => Ok(Some(*claim).filter(Claim::counts)),
        Claimed::Waiting { .. } => Ok(None),
        refused => {
            tracing::info!(trivia = %prize.id, offset = right.offset, ?refused, "a right answer that may not have the prize");
            Ok(None)
        }
    }
}

/// Everything that was answered is durable, and so is the claim of who won: it can be told.
async fn decide(app: &App, prize: &Drop, row: &TriviaRow, from: u64, hearing: &Hearing) -> Result<(), Problem> {
    let (answers, spread) = (hearing.round.answers(), hearing.round.spread());
    let decided = TriviaStanding::Decided(Decided { from, at: app.now(), answers, spread });
    if app.till.trivia.move_trivia(row.id, row.standing.clone(), decided).await?
        && let Some((_, claim)) = &hearing.first
    {
        let (number, until) = (Some(prize.at.number), Some(claim.until));
        let news = ClaimNews { change: ClaimChange::Won, claim: claim.id, drop: Some(prize.id), number, until };
        app.rooms.tell(claim.viewer, &news);
    }
    Ok(())
}

/// Answers that the room took before it heard that it was decided still stand in line. Then the prize waits for its payment,
/// passes on, or goes back on sale.
async fn settle(app: &App, prize: &Drop, row: &TriviaRow, decided: &Decided) -> Result<(), Problem> {
    let known = &app.till.known_trivia;
    let now = app.now();
    let since = now - decided.at;
    if known.hears(prize.id) {
        let hearing = hear(app, prize, row, decided.from).await?;
        if since < STRAGGLERS {
            known.keep(prize.id, hearing);
            return Ok(());
        }
    }
    known.rest(prize.id);
    let waiting = prize.armed().map_or(0, |armed| armed.waiting);
    if prize.left() > 0 && waiting > 0 {
        offer(app, prize, now).await
    } else if since < TOLD {
        Ok(())
    } else if prize.left() > 0 {
        end(app, prize.id, EndedBecause::Stopped).await
    } else if app.till.drops.unpaid_drops(&[prize.id]).await?.is_empty() {
        end(app, prize.id, EndedBecause::Gone).await
    } else {
        Ok(())
    }
}
