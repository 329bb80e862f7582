//! Planning a question: what is asked, what counts as right, and what it wins.

use hub::Lifecycle;
use kernel::{Country, DropId, Millis, ShowId, VariantId};
use room::{Question, QuestionFault};
use shop::drop::Hold;
use shop::prize::Prize;

use super::{Trivia, find};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::drops::plan::{DropDraft, put, read};
use crate::ports::{ShowRow, StoreError, TriviaRow, TriviaStanding};
use crate::problem::FieldProblem;
use crate::shows::find_for;
use crate::{Actor, App, Code, Problem};

/// Questions that one show may have; past it an old one has to go.
const OF_SHOW: usize = 100;

/// A question as staff write it.
#[derive(Clone, Debug)]
pub struct TriviaDraft {
    /// The number whose product is won.
    pub number: u32,
    /// Not needed where the number's product has one variant.
    pub variant: Option<VariantId>,
    pub question: Question,
    pub prize: Prize,
    /// How long the winner has to pay.
    pub hold: Hold,
    pub countries: Option<Vec<Country>>,
    /// How long answers are taken.
    pub window: Millis,
}

/// A show's questions, in order of their making.
pub async fn list(app: &App, actor: &Actor, show: ShowId) -> Result<Vec<Trivia>, Problem> {
    find_for(app, actor, Act::SeeStudio, show).await?;
    let mut prizes = app.till.drops.drops_of_show(show).await?;
    let with_prize = |row: TriviaRow| {
        let place = prizes.iter().position(|drop| drop.id == row.id)?;
        Some(Trivia { row, prize: prizes.swap_remove(place) })
    };
    Ok(app.till.trivia.trivia_of_show(show).await?.into_iter().filter_map(with_prize).collect())
}

/// Plans a question. One planned while the show rehearses is a rehearsal too.
pub async fn create(app: &App, actor: &Actor, show: ShowId, draft: TriviaDraft) -> Result<Trivia, Problem> {
    let show = find_for(app, actor, Act::RunShow, show).await?;
    if app.till.trivia.trivia_of_show(show.id).await?.len() >= OF_SHOW {
        return Err(Problem::field("number", "too_many"));
    }
    let now = app.now();
    let id = app.entropy.draw(|random| DropId::mint(now, random));
    let rehearsal = matches!(show.lifecycle, Lifecycle::Rehearsing { .. });
    keep(app, actor, &show, id, rehearsal, draft).await
}

/// Changes a question that was not armed yet.
pub async fn update(app: &App, actor: &Actor, id: DropId, draft: TriviaDraft) -> Result<Trivia, Problem> {
    let (trivia, show) = find(app, actor, Act::RunShow, id).await?;
    keep(app, actor, &show, id, trivia.prize.rehearsal, draft).await
}

/// Takes a question away that was not armed yet.
pub async fn remove(app: &App, actor: &Actor, id: DropId) -> Result<(), Problem> {
    let (trivia, show) = find(app, actor, Act::RunShow, id).await?;
    if !app.till.drops.unplan_drop(id).await? {
        return Err(Code::DropNotPlanned.into());
    }
    app.till.trivia.unplan_trivia(id).await?;
    note(app, actor, Entry::new(Deed::TriviaRemoved, format!("#{}", trivia.prize.at.number)).of_show(show.id)).await;
    Ok(())
}

async fn keep(
    app: &App,
    actor: &Actor,
    show: &ShowRow,
    id: DropId,
    rehearsal: bool,
    draft: TriviaDraft,
) -> Result<Trivia, Problem> {
    let TriviaDraft { number, variant, question, prize, hold, countries, window } = draft;
    let faults = question.faults();
    if !faults.is_empty() {
        return Err(Problem::fields(faults.into_iter().map(named).collect()));
    }
    let window = Some(window);
    let draft = DropDraft { number, variant, unit: Vec::new(), quantity: 1, limit: 1, hold, countries, window };
    let prize = read(app, show, id, rehearsal, draft, Some(prize)).await?;
    let row = TriviaRow { id, show: show.id, question, standing: TriviaStanding::Waiting };
    // Without its prize a question does nothing; the other way round a prize could be armed that nobody can win.
    match app.till.trivia.plan_trivia(row.clone()).await {
        Ok(()) => {}
        Err(StoreError::Changed) => return Err(Code::DropNotPlanned.into()),
        Err(other) => return Err(other.into()),
    }
    put(app, &prize).await?;
    let entry = Entry::new(Deed::TriviaPlanned, format!("#{number}")).detail(row.question.text.clone());
    note(app, actor, entry.of_show(show.id)).await;
    Ok(Trivia { row, prize })
}

fn named(fault: QuestionFault) -> FieldProblem {
    let (field, code) = match fault {
        QuestionFault::Text => ("question".to_owned(), "out_of_range"),
        QuestionFault::Answers => ("answers".to_owned(), "out_of_range"),
        QuestionFault::Answer { place } => (format!("answers.{place}"), "out_of_range"),
    };
    FieldProblem { field, code, fault: None }
}
