//! Furnishes an empty house, once: people, rates, goods, shows and some orders.

mod again;
mod goods;
mod orders;
mod shows;

use std::collections::BTreeMap;

use app::people::setup;
use app::{Actor, App, Membership, Role, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::caller::{Caller, DemoError, text};
use super::furniture::{Boutique, Prices, Staff};

pub(super) use again::bring_up_to_date;

/// What later starts of the same folder need to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Furnished {
    /// The show that is on air.
    pub show: String,
    /// The show to come.
    pub scheduled: String,
    pub product: String,
    pub order: String,
    pub order_key: String,
    /// Show numbers of the show on air, by product key.
    pub numbers: BTreeMap<String, u32>,
}

/// Ids by the furniture's keys.
#[derive(Debug, Default)]
struct Ids {
    people: BTreeMap<String, String>,
    brands: BTreeMap<String, String>,
    sellers: BTreeMap<String, String>,
    location: String,
    media: BTreeMap<String, String>,
    products: BTreeMap<String, String>,
    /// By SKU.
    variants: BTreeMap<String, String>,
    shows: BTreeMap<String, String>,
}

impl Ids {
    fn of(map: &BTreeMap<String, String>, key: &str) -> Result<String, DemoError> {
        map.get(key).cloned().ok_or_else(|| DemoError::Said(format!("the furniture names an unknown `{key}`")))
    }
}

/// Does all of it at the house at `url`, telling the person at the terminal what is being done.
pub(super) async fn furnish(app: &App, url: &str, boutique: &Boutique) -> Result<Furnished, DemoError> {
    let mut ids = Ids::default();
    println!("   people: {}", boutique.staff.len());
    people(app, boutique, &mut ids).await?;
    let owner = sign_in(url, boutique, "owner").await?;
    goods::brands_and_sellers(&owner, boutique, &mut ids).await?;
    goods::rates(&owner, boutique).await?;
    println!("   products: {}", boutique.products.len());
    goods::products(&owner, boutique, &mut ids).await?;
    goods::house(&owner, boutique, &ids).await?;
    println!("   shows: {}", boutique.shows.len());
    let numbers = shows::plan(&owner, boutique, &mut ids, app.now()).await?;
    let show_in = |state| {
        let show = boutique.shows.iter().find(|show| show.state == state);
        show.map_or_else(String::new, |show| ids.shows.get(&show.key).cloned().unwrap_or_default())
    };
    let show = show_in(super::furniture::ShowState::Live);
    println!("   orders: {}", boutique.orders.len());
    let on_air = orders::OnAir::new(show.clone(), boutique, &numbers);
    let (order, order_key) = orders::place(&owner, url, boutique, &ids, &on_air).await?;
    Ok(Furnished {
        show,
        scheduled: show_in(super::furniture::ShowState::Scheduled),
        product: boutique.products.first().and_then(|p| ids.products.get(&p.key).cloned()).unwrap_or_default(),
        order,
        order_key,
        numbers,
    })
}

/// A session of the first member of staff with a role.
pub(super) async fn sign_in(url: &str, boutique: &Boutique, role: &str) -> Result<Caller, DemoError> {
    let person = boutique.staff.iter().find(|person| person.role == role);
    let person = person.ok_or_else(|| DemoError::Said(format!("the furniture has no {role}")))?;
    Caller::signed_in(url, &person.email, &person.password).await
}

async fn people(app: &App, boutique: &Boutique, ids: &mut Ids) -> Result<(), DemoError> {
    for Staff { key, name, email, password, role, .. } in &boutique.staff {
        let role = Role::parse(role).ok_or_else(|| DemoError::Said(format!("the furniture has a role `{role}`")))?;
        let memberships = vec![Membership { role, scope: Scope::House }];
        let id = setup::add_staff(app, &Actor::house(), name.clone(), email, password.clone(), memberships)
            .await
            .map_err(|problem| DemoError::Said(format!("{email}: {problem}")))?;
        ids.people.insert(key.clone(), id.to_string());
    }
    Ok(())
}

/// Prices as the interface writes them.
fn money(prices: &Prices) -> Vec<Value> {
    prices.iter().map(|(currency, amount)| json!({ "amount_minor": amount, "currency": currency })).collect()
}

/// POSTs and remembers the id that comes back.
async fn make(caller: &Caller, path: &str, body: &Value) -> Result<String, DemoError> {
    text(&caller.post(path, body).await?, path, "id")
}
