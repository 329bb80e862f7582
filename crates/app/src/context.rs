//! What every use case is given.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Random, Timestamp};

use crate::catalogue::Work;
use crate::messages::MessagePorts;
use crate::people::sign_in::Throttle;
use crate::ports::{
    Air, Audit, Catalogue, ChatNames, Clock, Houses, Imports, Invitations, MediaRows, Moderation, Objects, People,
    Pictures, ProductAnswers, Repeats, Shows, StockCounts, Tokens, Whep, Whip,
};
use crate::replay::Replays;
use crate::room::Rooms;
use crate::till::TillPorts;

/// The ports, as the binary (or a test) wires them.
#[derive(Clone, Debug)]
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub people: Arc<dyn People>,
    pub houses: Arc<dyn Houses>,
    pub chat_names: Arc<dyn ChatNames>,
    pub moderation: Arc<dyn Moderation>,
    pub answers: Arc<dyn ProductAnswers>,
    pub shows: Arc<dyn Shows>,
    pub air: Arc<dyn Air>,
    pub whip: Arc<dyn Whip>,
    pub whep: Arc<dyn Whep>,
    pub catalogue: Arc<dyn Catalogue>,
    pub media: Arc<dyn MediaRows>,
    pub imports: Arc<dyn Imports>,
    pub repeats: Arc<dyn Repeats>,
    pub objects: Arc<dyn Objects>,
    pub pictures: Arc<dyn Pictures>,
    pub stock: Arc<dyn StockCounts>,
    pub invitations: Arc<dyn Invitations>,
    pub tokens: Arc<dyn Tokens>,
    pub audit: Arc<dyn Audit>,
}

/// The one source of randomness: seeded from the operating system in production, from a number in tests.
#[derive(Debug)]
pub struct Entropy(Mutex<Random>);

impl Entropy {
    #[must_use]
    pub const fn new(random: Random) -> Self {
        Self(Mutex::new(random))
    }

    /// Draws from the source: `entropy.draw(|random| ShowId::mint(now, random))`.
    pub fn draw<T>(&self, with: impl FnOnce(&mut Random) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Everything a use case reaches: the ports, the entropy, and the secret that signs viewers' tokens.
#[derive(Debug)]
pub struct App {
    pub ports: Ports,
    pub entropy: Entropy,
    /// Signs what we hand out and take back: viewer tokens, room tickets.
    pub master_key: [u8; 32],
    /// Failed sign-ins, by address.
    pub throttle: Throttle,
    /// What buying takes.
    pub till: TillPorts,
    /// Mail and SMS.
    pub messages: MessagePorts,
    pub rooms: Arc<Rooms>,
    /// Search and uploads.
    pub catalogue: Work,
    /// Recordings, and what plays them.
    pub replay: Replays,
}

impl App {
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }
}
