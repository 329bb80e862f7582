//! Names that viewers chose while they sat in a room: a seat knows the name that they came with.

use std::collections::{BTreeMap, VecDeque};

use kernel::ViewerId;
use room::ChatName;

/// Past it the oldest is forgotten; its viewer writes under the name that they joined with, until they join again.
const REMEMBERED: usize = 20_000;

#[derive(Debug, Default)]
pub(super) struct Renamed {
    names: BTreeMap<ViewerId, ChatName>,
    /// Oldest first.
    order: VecDeque<ViewerId>,
}

impl Renamed {
    pub(super) fn put(&mut self, viewer: ViewerId, name: ChatName) {
        if self.names.insert(viewer, name).is_some() {
            return;
        }
        self.order.push_back(viewer);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.names.remove(&oldest);
        }
    }

    pub(super) fn get(&self, viewer: ViewerId) -> Option<ChatName> {
        self.names.get(&viewer).cloned()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};

    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let (mut renamed, mut random) = (Renamed::default(), Random::seeded(1));
        let viewers: Vec<ViewerId> = (0..=REMEMBERED).map(|_| ViewerId::mint(Timestamp::EPOCH, &mut random)).collect();
        let name = |text| ChatName::parse(text).expect("a name");
        for viewer in &viewers {
            renamed.put(*viewer, name("Mei"));
        }
        renamed.put(viewers[1], name("Mei Lin"));
        assert_eq!(renamed.get(viewers[0]), None);
        assert_eq!(renamed.get(viewers[1]), Some(name("Mei Lin")));
    }
}
