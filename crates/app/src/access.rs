//! Who may do what: the one place that answers.

use kernel::{BrandId, ShowId};
use serde::{Deserialize, Serialize};

use crate::{Actor, Code, Membership, Problem, Role, Scope};

/// Something that needs a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// House, brands, sellers, shipping, languages.
    ManageHouse,
    /// Invite, grant, revoke; see the audit trail.
    ManagePeople,
    /// Products, prices, stock, imports.
    ManageCatalogue,
    /// Create, plan, rehearse, start and end shows; stream keys.
    ManageShows,
    /// Pins, stop-sale, reprice, list on air, sold in the shop.
    RunShow,
    /// See the control desk and the host's screen.
    SeeStudio,
    /// Remove, mute, requests.
    Moderate,
    /// See orders and buyers' addresses.
    SeeOrders,
    /// Send parcels.
    Fulfil,
    /// Cancel and refund.
    Refund,
}

impl Act {
    pub const ALL: [Self; 10] = [
        Self::ManageHouse,
        Self::ManagePeople,
        Self::ManageCatalogue,
        Self::ManageShows,
        Self::RunShow,
        Self::SeeStudio,
        Self::Moderate,
        Self::SeeOrders,
        Self::Fulfil,
        Self::Refund,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ManageHouse => "manage_house",
            Self::ManagePeople => "manage_people",
            Self::ManageCatalogue => "manage_catalogue",
            Self::ManageShows => "manage_shows",
            Self::RunShow => "run_show",
            Self::SeeStudio => "see_studio",
            Self::Moderate => "moderate",
            Self::SeeOrders => "see_orders",
            Self::Fulfil => "fulfil",
            Self::Refund => "refund",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == text)
    }
}

/// What is acted on: the ids that memberships can be scoped to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub brand: Option<BrandId>,
    pub show: Option<ShowId>,
}

impl Place {
    pub const HOUSE: Self = Self { brand: None, show: None };

    #[must_use]
    pub const fn brand(brand: BrandId) -> Self {
        Self { brand: Some(brand), show: None }
    }

    #[must_use]
    pub const fn show(brand: BrandId, show: ShowId) -> Self {
        Self { brand: Some(brand), show: Some(show) }
    }

    /// Whether a membership of this scope reaches here.
    #[must_use]
    pub fn is_within(self, scope: Scope) -> bool {
        match scope {
            Scope::House => true,
            Scope::Brand(brand) => self.brand == Some(brand),
            Scope::Show(show) => self.show == Some(show),
        }
    }
}

const fn grants(role: Role, act: Act) -> bool {
    match role {
        Role::Owner => true,
        Role::Merchant => !matches!(act, Act::ManagePeople),
        Role::Host => matches!(act, Act::RunShow | Act::SeeStudio | Act::Moderate),
        Role::Assistant => matches!(act, Act::RunShow | Act::SeeStudio | Act::Moderate | Act::SeeOrders),
        Role::Fulfilment => matches!(act, Act::SeeOrders | Act::Fulfil),
    }
}

/// Whether the actor may do this there.
#[must_use]
pub fn may(actor: &Actor, act: Act, place: Place) -> bool {
    if actor.house {
        return true;
    }
    if actor.token_scopes.as_ref().is_some_and(|scopes| !scopes.contains(&act)) {
        return false;
    }
    let held = |membership: &Membership| place.is_within(membership.scope) && grants(membership.role, act);
    actor.person.as_ref().is_some_and(|person| person.memberships.iter().any(held))
}

/// As [`may`], as the problem to answer with: sign in first, or this is not yours to do.
pub fn require(actor: &Actor, act: Act, place: Place) -> Result<(), Problem> {
    if may(actor, act, place) {
        Ok(())
    } else if actor.person.is_none() {
        Err(Code::SignInFirst.into())
    } else {
        Err(Code::NotAllowed.into())
    }
}

/// Whether the actor may do this somewhere: enough to open a list, which then holds only what [`may`] allows.
pub fn require_somewhere(actor: &Actor, act: Act) -> Result<(), Problem> {
    let held = actor.person.as_ref().is_some_and(|person| person.memberships.iter().any(|m| grants(m.role, act)));
    let scoped_out = actor.token_scopes.as_ref().is_some_and(|scopes| !scopes.contains(&act));
    if actor.house || (held && !scoped_out) {
        Ok(())
    } else if actor.person.is_none() {
        Err(Code::SignInFirst.into())
    } else {
        Err(Code::NotAllowed.into())
    }
}

/// Every act that the actor may do on the whole house, for pages to show what can be done.
#[must_use]
pub fn acts_on_house(actor: &Actor) -> Vec<Act> {
    Act::ALL.into_iter().filter(|act| may(actor, *act, Place::HOUSE)).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{PersonId, Random, Timestamp};

    use super::*;
    use crate::{Person, PersonKind};

    fn staff(role: Role, scope: Scope) -> Actor {
        let id = PersonId::mint(Timestamp::EPOCH, &mut Random::seeded(1));
        let person = Person { id, kind: PersonKind::Staff, memberships: vec![Membership { role, scope }] };
        Actor { person: Some(person), ..Actor::default() }
    }

    #[test]
    fn a_role_reaches_as_far_as_its_scope() {
        let mut random = Random::seeded(2);
        let brand = BrandId::mint(Timestamp::EPOCH, &mut random);
        let other = BrandId::mint(Timestamp::EPOCH, &mut random);
        let show = ShowId::mint(Timestamp::EPOCH, &mut random);
        let check = |actor: &Actor, act, place, expected: bool| {
            assert_eq!(may(actor, act, place), expected, "{actor:?} {act:?} {place:?}");
        };
        let merchant = staff(Role::Merchant, Scope::Brand(brand));
        check(&merchant, Act::ManageCatalogue, Place::brand(brand), true);
        check(&merchant, Act::ManageShows, Place::show(brand, show), true);
        check(&merchant, Act::ManageCatalogue, Place::brand(other), false);
        check(&merchant, Act::ManageHouse, Place::HOUSE, false);
        let assistant = staff(Role::Assistant, Scope::Show(show));
        check(&assistant, Act::Moderate, Place::show(other, show), true);
        check(&assistant, Act::Moderate, Place::brand(other), false);
        check(&assistant, Act::Refund, Place::show(other, show), false);
        check(&staff(Role::Owner, Scope::House), Act::ManagePeople, Place::HOUSE, true);
        check(&Actor::default(), Act::SeeOrders, Place::HOUSE, false);
    }

    #[test]
    fn a_token_narrows_its_person() {
        let mut owner = staff(Role::Owner, Scope::House);
        owner.token_scopes = Some(vec![Act::SeeOrders]);
        assert!(may(&owner, Act::SeeOrders, Place::HOUSE));
        assert!(!may(&owner, Act::Refund, Place::HOUSE));
    }
}
