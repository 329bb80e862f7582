//! The claims that the books hold, and whose they are in which drop.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ClaimId, DropId, PersonId, ViewerId};

use crate::claim::Claim;

#[derive(Clone, Debug, Default)]
pub(super) struct Claims {
    all: BTreeMap<ClaimId, Claim>,
    in_drops: BTreeMap<(DropId, ViewerId), BTreeSet<ClaimId>>,
    changed: BTreeSet<ClaimId>,
}

impl Claims {
    pub(super) fn add(&mut self, claim: Claim) {
        if let Some(drop) = claim.of.drop() {
            self.in_drops.entry((drop, claim.viewer)).or_default().insert(claim.id);
        }
        self.all.insert(claim.id, claim);
    }

    /// Adds one that was not there before.
    pub(super) fn make(&mut self, claim: Claim) {
        self.changed.insert(claim.id);
        self.add(claim);
    }

    pub(super) fn get(&self, id: ClaimId) -> Option<&Claim> {
        self.all.get(&id)
    }

    /// The claim, to be changed. The caller has seen it by [`Self::get`].
    pub(super) fn change(&mut self, id: ClaimId) -> &mut Claim {
        self.changed.insert(id);
        self.all.get_mut(&id).expect("a claim that is changed was read")
    }

    /// The claim is another viewer's from now on; the device's request does not find it again.
    pub(super) fn hand_over(&mut self, id: ClaimId, to: ViewerId, person: PersonId) {
        let claim = self.change(id);
        (claim.viewer, claim.person, claim.key) = (to, Some(person), None);
        if let Some(drop) = claim.of.drop() {
            self.in_drops.entry((drop, to)).or_default().insert(id);
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Claim> {
        self.all.values()
    }

    /// A buyer's claims in a drop, whatever became of them.
    pub(super) fn in_drop(&self, drop: DropId, viewer: ViewerId) -> impl Iterator<Item = &Claim> {
        let own = self.in_drops.get(&(drop, viewer));
        own.into_iter()
            .flatten()
            .filter_map(|id| self.all.get(id))
            .filter(move |claim| claim.of.drop() == Some(drop) && claim.viewer == viewer)
    }

    pub(super) fn changed(&self) -> impl Iterator<Item = &Claim> {
        self.changed.iter().filter_map(|id| self.all.get(id))
    }

    pub(super) fn written(&mut self) {
        self.changed.clear();
    }
}
