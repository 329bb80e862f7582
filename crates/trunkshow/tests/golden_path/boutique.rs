//! The house that the story happens in: every use case as the binary wires it, over SQLite and sandbox payments, at a time
//! that the test turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::ports::{Clock, MediaRow, SellerRow};
use app::till::price::Buying;
use app::{Actor, App, Membership, Person, PersonKind, Role, Scope};
use kernel::{
    BrandId, Country, Currency, EntryId, Language, LocationId, MediaId, Millis, Money, PersonId, SellerId, Texts,
    Timestamp, ViewerId,
};
use shop::catalogue::{Brand, Location, Seller};
use shop::shipping::{ShippingRate, Zone};
use trunkshow::config::{Config, Overrides};
use trunkshow::serve::{House, start_at};

#[derive(Debug)]
struct Turned(AtomicI64);

impl Clock for Turned {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.0.load(Ordering::Relaxed))
    }
}

/// 2026-11-22T18:00:00Z.
const EVENING: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

pub struct Boutique {
    pub host: Actor,
    pub host_id: PersonId,
    pub brand: BrandId,
    pub seller: SellerId,
    pub location: LocationId,
    pub picture: MediaId,
    pub shipping: EntryId,
    clock: Arc<Turned>,
    house: House,
    _data: tempfile::TempDir,
}

pub fn english(text: &str) -> Texts {
    Texts::new([(Language::english(), text.to_owned())])
}

pub fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn us() -> Country {
    "US".parse().expect("a country")
}

impl Boutique {
    pub async fn open() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let free = ([127, 0, 0, 1], 0).into();
        let folder = Some(data.path().to_owned());
        let over =
            Overrides { data: folder, http: Some(free), rtmp: Some(free), webrtc: Some(free), ..Overrides::default() };
        let clock = Arc::new(Turned(AtomicI64::new(EVENING.unix_micros())));
        let config = Config::load(&over).expect("the settings load");
        let house = start_at(config, false, clock.clone()).await.expect("the house starts");
        let app = Arc::clone(&house.app);
        let now = app.now();
        let mut random = app.entropy.draw(kernel::Random::fork);
        let (brand, seller) = (BrandId::mint(now, &mut random), SellerId::mint(now, &mut random));
        let (location, picture) = (LocationId::mint(now, &mut random), MediaId::mint(now, &mut random));
        let shipping = EntryId::mint(now, &mut random);

        let memberships = vec![Membership { role: Role::Owner, scope: Scope::House }];
        let (email, password) = ("olive@example.com", "a long password".to_owned());
        let by_house = Actor::house();
        let added =
            app::people::setup::add_staff(&app, &by_house, "Olive".into(), email, password, memberships.clone());
        let host_id = added.await.expect("an owner");
        let person = Person { id: host_id, kind: PersonKind::Staff, memberships };
        let host = Actor { person: Some(person), ..Actor::default() };

        let catalogue = &app.ports.catalogue;
        let name = "Maison Claire".to_owned();
        let maison = Brand { id: brand, version: 1, name: name.clone(), about: Texts::default(), logo_media_id: None };
        catalogue.save_brand(maison, now).await.expect("a brand");
        let seller_of_record = Seller {
            id: seller,
            legal_name: "Maison Claire Inc.".into(),
            address: vec!["1 Spring Street".into(), "New York, NY 10012".into()],
            country: us(),
            email: Some("shop@example.com".into()),
            phone: None,
            tax_numbers: vec![],
        };
        let row = SellerRow { version: 1, brand_id: None, seller: seller_of_record };
        catalogue.save_seller(row, now).await.expect("a seller");
        let place = Location { id: location, brand_id: None, name, country: us() };
        catalogue.add_location(place, now).await.expect("a place");
        let media = MediaRow { id: picture, brand_id: None, width: 900, height: 1200, size_bytes: 1, created_at: now };
        app.ports.media.add_media(media).await.expect("a picture");
        let (name, prices) = (english("Parcel"), vec![dollars(1_200)]);
        let rate = ShippingRate { id: shipping, zone: Zone::Elsewhere, name, prices, days: (3, 7) };
        app.till.rates.keep_rates(vec![rate]).await.expect("a rate");
        Self { host, host_id, brand, seller, location, picture, shipping, clock, house, _data: data }
    }

    pub fn app(&self) -> &App {
        &self.house.app
    }

    pub fn pass(&self, span: Millis) {
        self.clock.0.fetch_add(span.0 * 1_000, Ordering::Relaxed);
    }

    pub fn somebody(&self) -> Actor {
        let now = self.app().now();
        Actor::viewer(self.app().entropy.draw(|random| ViewerId::mint(now, random)))
    }

    pub fn buying(&self) -> Buying {
        Buying { currency: Currency::USD, country: us(), shipping: Some(self.shipping), codes: Vec::new() }
    }
}
