//! How a buyer can be written to: their account's address, or what they gave with their last order.

use kernel::{Language, PersonId, ViewerId};

use crate::messages::Reach;
use crate::ports::{OrderFilter, Own};
use crate::{App, Problem};

/// Where and in which language somebody is written to.
#[derive(Clone, Debug)]
pub struct Contact {
    pub name: Option<String>,
    pub reach: Reach,
    pub language: Language,
}

/// `None` for a device that never bought anything and is signed in nowhere.
pub async fn contact(app: &App, viewer: ViewerId, person: Option<PersonId>) -> Result<Option<Contact>, Problem> {
    let account = match person {
        Some(id) => app.ports.people.person(id).await?,
        None => None,
    };
    let orders = app.till.orders();
    let own = Own { viewer: Some(viewer), person, ..Own::default() };
    let last = orders.list(OrderFilter { own: Some(own), limit: 1, ..OrderFilter::default() }).await?;
    let buyer = match last.first() {
        Some((order, _)) => orders.buyer(order.id).await?,
        None => None,
    };
    let language = buyer.as_ref().map_or_else(Language::english, |buyer| buyer.language.clone());
    let name = buyer.as_ref().map(|buyer| buyer.contact.name.clone());
    let from_account = account.and_then(|row| Reach::of(row.email.as_deref(), row.phone.as_deref()));
    let from_order = || {
        let contact = &buyer.as_ref()?.contact;
        Reach::of(contact.email.as_deref(), contact.phone.as_deref())
    };
    Ok(from_account.or_else(from_order).map(|reach| Contact { name, reach, language }))
}
