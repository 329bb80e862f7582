//! A show's lifecycle: planned → rehearsing ⇄ planned → live → ended.

use kernel::{Millis, ProgrammeId, Timestamp};
use serde::{Deserialize, Serialize};

/// The lobby, with countdown and chat, opens so long before the start.
pub const LOBBY: Millis = Millis::from_mins(30);

/// Where a show stands, with what is valid then. Stored as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Lifecycle {
    Planned,
    /// Staff alone see the programme; nothing of it is ever live.
    Rehearsing {
        programme: ProgrammeId,
    },
    Live {
        programme: ProgrammeId,
        since: Timestamp,
        /// The publisher dropped out; the show goes on.
        away: bool,
    },
    Ended {
        since: Timestamp,
        at: Timestamp,
    },
}

/// What staff ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifecycleStep {
    Rehearse { programme: ProgrammeId },
    StopRehearsal,
    GoLive { programme: ProgrammeId },
    End,
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleRefusal {
    #[error("the show is live")]
    IsLive,
    #[error("the show has ended")]
    HasEnded,
    #[error("the show is not live")]
    NotLive,
    #[error("the show is not being rehearsed")]
    NotRehearsing,
}

/// What viewers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowPhase {
    Scheduled,
    Lobby,
    Live,
    Away,
    Ended,
}

impl Lifecycle {
    /// Takes a step. Doing again what is done already changes nothing, so a second click does no harm.
    pub fn step(self, now: Timestamp, step: LifecycleStep) -> Result<Self, LifecycleRefusal> {
        match (self, step) {
            (Self::Ended { .. }, LifecycleStep::End) => Ok(self),
            (Self::Ended { .. }, _) => Err(LifecycleRefusal::HasEnded),
            (Self::Planned, LifecycleStep::Rehearse { programme }) => Ok(Self::Rehearsing { programme }),
            (Self::Rehearsing { .. }, LifecycleStep::Rehearse { .. }) => Ok(self),
            (Self::Rehearsing { .. }, LifecycleStep::StopRehearsal) => Ok(Self::Planned),
            (Self::Planned | Self::Rehearsing { .. }, LifecycleStep::GoLive { programme }) => {
                Ok(Self::Live { programme, since: now, away: false })
            }
            (Self::Live { .. }, LifecycleStep::GoLive { .. }) => Ok(self),
            (Self::Live { since, .. }, LifecycleStep::End) => Ok(Self::Ended { since, at: now }),
            (Self::Live { .. }, LifecycleStep::Rehearse { .. } | LifecycleStep::StopRehearsal) => {
                Err(LifecycleRefusal::IsLive)
            }
            (Self::Planned, LifecycleStep::StopRehearsal) => Err(LifecycleRefusal::NotRehearsing),
            (Self::Planned | Self::Rehearsing { .. }, LifecycleStep::End) => Err(LifecycleRefusal::NotLive),
        }
    }

    /// The same, with the publisher there or away; only a live show notices.
    #[must_use]
    pub const fn publisher(self, gone: bool) -> Self {
        match self {
            Self::Live { programme, since, .. } => Self::Live { programme, since, away: gone },
            other => other,
        }
    }

    /// The programme on air, of a rehearsal or of the live show.
    #[must_use]
    pub const fn programme(self) -> Option<ProgrammeId> {
        match self {
            Self::Rehearsing { programme } | Self::Live { programme, .. } => Some(programme),
            Self::Planned | Self::Ended { .. } => None,
        }
    }

    /// What viewers are told: a rehearsal looks like any planned show.
    #[must_use]
    pub fn phase(self, now: Timestamp, starts_at: Timestamp) -> ShowPhase {
        match self {
            Self::Planned | Self::Rehearsing { .. } if now + LOBBY >= starts_at => ShowPhase::Lobby,
            Self::Planned | Self::Rehearsing { .. } => ShowPhase::Scheduled,
            Self::Live { away: false, .. } => ShowPhase::Live,
            Self::Live { away: true, .. } => ShowPhase::Away,
            Self::Ended { .. } => ShowPhase::Ended,
        }
    }
}

impl ShowPhase {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Lobby => "lobby",
            Self::Live => "live",
            Self::Away => "away",
            Self::Ended => "ended",
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Random;

    use super::*;

    #[test]
    fn every_step_from_every_state() {
        let mut random = Random::seeded(1);
        let now = Timestamp::from_unix_millis(5_000);
        let [one, two] = [(); 2].map(|()| ProgrammeId::mint(now, &mut random));
        let planned = Lifecycle::Planned;
        let rehearsing = Lifecycle::Rehearsing { programme: one };
        let live = Lifecycle::Live { programme: one, since: now, away: false };
        let ended = Lifecycle::Ended { since: now, at: now };
        let [rehearse, go_live] =
            [LifecycleStep::Rehearse { programme: two }, LifecycleStep::GoLive { programme: two }];
        let check = |from: Lifecycle, step, expected| assert_eq!(from.step(now, step), expected, "{from:?} {step:?}");
        check(planned, rehearse, Ok(Lifecycle::Rehearsing { programme: two }));
        check(planned, LifecycleStep::StopRehearsal, Err(LifecycleRefusal::NotRehearsing));
        check(planned, go_live, Ok(Lifecycle::Live { programme: two, since: now, away: false }));
        check(planned, LifecycleStep::End, Err(LifecycleRefusal::NotLive));
        check(rehearsing, rehearse, Ok(rehearsing));
        check(rehearsing, LifecycleStep::StopRehearsal, Ok(planned));
        check(rehearsing, go_live, Ok(Lifecycle::Live { programme: two, since: now, away: false }));
        check(rehearsing, LifecycleStep::End, Err(LifecycleRefusal::NotLive));
        check(live, rehearse, Err(LifecycleRefusal::IsLive));
        check(live, LifecycleStep::StopRehearsal, Err(LifecycleRefusal::IsLive));
        check(live, go_live, Ok(live));
        check(live, LifecycleStep::End, Ok(ended));
        for step in [rehearse, go_live, LifecycleStep::StopRehearsal] {
            check(ended, step, Err(LifecycleRefusal::HasEnded));
        }
        check(ended, LifecycleStep::End, Ok(ended));
    }

    #[test]
    fn a_rehearsal_looks_planned_and_the_lobby_opens_early() {
        let start = Timestamp::from_unix_millis(10_000_000);
        let programme = ProgrammeId::mint(start, &mut Random::seeded(1));
        let rehearsing = Lifecycle::Rehearsing { programme };
        assert_eq!(rehearsing.phase(start - Millis::from_mins(31), start), ShowPhase::Scheduled);
        assert_eq!(rehearsing.phase(start - Millis::from_mins(30), start), ShowPhase::Lobby);
        let live = Lifecycle::Live { programme, since: start, away: false };
        assert_eq!(live.publisher(true).phase(start, start), ShowPhase::Away);
        assert_eq!(live.publisher(true).publisher(false), live);
    }
}
