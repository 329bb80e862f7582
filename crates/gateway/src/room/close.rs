//! Why a socket is closed: numbered, permanent, listed in docs/close-codes.md. 4000–4499 do not come back, 4500–4999 do.

use app::{Code, Problem};

macro_rules! closes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $text:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Close {
            $($(#[$doc])* $name,)*
        }

        impl Close {
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)*];

            pub(crate) const fn code(self) -> u16 {
                match self { $(Self::$name => $code,)* }
            }

            /// The reason in the close frame.
            pub(crate) const fn reason(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

closes! {
    /// Larger than 16 KB, against RFC 6455, or unreadable over and over.
    BadFrame = 4400 "bad_frame",
    /// Neither cookie nor a ticket that is still good.
    TicketNeeded = 4401 "ticket_needed",
    NotAllowed = 4403 "not_allowed",
    NoSuchRoom = 4404 "no_such_room",
    /// More connections of one viewer than a person has devices.
    TooManyConnections = 4409 "too_many_connections",
    /// The room speaks text.
    Binary = 4415 "binary_frame",
    /// Far more frames than a person sends.
    TooFast = 4429 "too_fast",
    /// This server is going away.
    Draining = 4500 "going_away",
    /// The room is led elsewhere, was closed for want of viewers, or a role, session or token is gone.
    RoomMoved = 4501 "room_moved",
    /// Could not be written to for 10 s.
    TooSlow = 4503 "too_slow",
    /// Sent nothing for 90 s.
    Silent = 4504 "silent",
    /// No join within 10 s.
    JoinLate = 4508 "join_late",
    Busy = 4529 "busy",
    /// A defect of ours.
    Failed = 4599 "failed",
}

impl From<Problem> for Close {
    fn from(problem: Problem) -> Self {
        match problem.code {
            Code::NotFound => Self::NoSuchRoom,
            Code::ViewerNeeded | Code::TicketExpired => Self::TicketNeeded,
            Code::NotAllowed | Code::SignInFirst => Self::NotAllowed,
            Code::SlowDown => Self::TooManyConnections,
            Code::Busy => Self::Busy,
            _ => {
                tracing::error!(%problem, "a socket could not enter its room");
                Self::Failed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_with_its_reason() {
        let page = include_str!("../../../../docs/close-codes.md");
        for close in Close::ALL {
            let row = format!("| {} | `{}` |", close.code(), close.reason());
            assert!(page.contains(&row), "docs/close-codes.md lacks: {row}");
        }
        assert_eq!(page.matches("| `").count(), Close::ALL.len(), "the page lists codes that are none");
    }
}
