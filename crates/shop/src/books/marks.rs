//! By what a buyer is known again who has claimed in a drop under several names: each mark counts against the drop's limit.

use std::collections::BTreeMap;

use kernel::{ClaimId, DropId, OrderLineId};

use super::Books;
use crate::claim::Claim;

/// A claim in a drop, paid for by somebody with this mark. What a mark is made of, nobody can read from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marked {
    pub drop: DropId,
    pub mark: String,
    pub claim: ClaimId,
    /// Pieces of the claim.
    pub quantity: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pieces: BTreeMap<(DropId, String), BTreeMap<ClaimId, u32>>,
    new: Vec<Marked>,
}

impl Marks {
    pub(super) fn add(&mut self, marked: Marked) {
        self.pieces.entry((marked.drop, marked.mark)).or_default().insert(marked.claim, marked.quantity);
    }

    pub(super) fn new_ones(&self) -> impl Iterator<Item = &Marked> {
        self.new.iter()
    }

    pub(super) fn written(&mut self) {
        self.new.clear();
    }
}

impl Books {
    /// The limit of a drop of which the buyer would have too many, and the claims that are too many: those of this order,
    /// with what the same contact or card has claimed under another name and still holds or bought.
    pub(super) fn over_limit(
        &self,
        adopted: &BTreeMap<OrderLineId, ClaimId>,
        marks: &[String],
    ) -> Option<(u32, Vec<ClaimId>)> {
        let mut wanted: BTreeMap<DropId, Vec<&Claim>> = BTreeMap::new();
        for claim in adopted.values().filter_map(|id| self.claims.get(*id)) {
            if let Some(drop) = claim.of.drop() {
                wanted.entry(drop).or_default().push(claim);
            }
        }
        wanted.into_iter().find_map(|(drop, own)| {
            let limit = self.drops.get(&drop)?.limit;
            let pieces = own.iter().fold(0, |sum: u32, claim| sum.saturating_add(claim.quantity));
            let other = |mark: &String| {
                let known = self.marks.pieces.get(&(drop, mark.clone())).into_iter().flatten();
                let counts = |id: &ClaimId| self.claims.get(*id).is_none_or(Claim::counts);
                let others = known.filter(|(id, _)| counts(id) && own.iter().all(|claim| claim.id != **id));
                others.fold(0, |sum: u32, (_, pieces)| sum.saturating_add(*pieces))
            };
            let most = marks.iter().map(other).max().unwrap_or(0);
            let mut ids: Vec<ClaimId> = own.iter().map(|claim| claim.id).collect();
            ids.sort_unstable();
            (pieces.saturating_add(most) > limit).then_some((limit, ids))
        })
    }

    /// Those of the claims that are in drops bear the buyer's marks from now on.
    pub(super) fn mark(&mut self, claims: impl IntoIterator<Item = ClaimId>, marks: &[String]) {
        for claim in claims.into_iter().filter_map(|id| self.claims.get(id)) {
            let Some(drop) = claim.of.drop() else { continue };
            for mark in marks {
                let marked = Marked { drop, mark: mark.clone(), claim: claim.id, quantity: claim.quantity };
                self.marks.new.push(marked.clone());
                self.marks.add(marked);
            }
        }
    }
}
