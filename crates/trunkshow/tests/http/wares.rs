//! Something to sell: a belt in one size, its seller, its price and what sending costs.

use app::Entropy;
use app::ports::{NewRevision, SellerRow};
use kernel::{
    BrandId, Country, Currency, EntryId, Language, LocationId, Money, ProductId, Random, SellerId, Texts, VariantId,
};
use shop::catalogue::{Brand, Product, ProductTexts, Seller, Status, Variant};
use shop::price::PriceVersion;
use shop::shipping::{ShippingRate, Zone};

use crate::house::TestHouse;

pub struct Wares {
    pub product: ProductId,
    pub variant: VariantId,
    pub rate: EntryId,
}

fn english(text: &str) -> Texts {
    Texts::new([(Language::english(), text.to_owned())])
}

impl TestHouse {
    /// Puts a belt on sale at US$198.00, with so many of it there; sending costs US$12.00 anywhere.
    pub async fn belt(&self, on_hand: i64) -> Wares {
        let (till, ports, now) = (&self.house.app.till, &self.house.app.ports, self.house.app.now());
        let entropy = Entropy::new(Random::seeded(77));
        let draw = |make: fn(kernel::Timestamp, &mut Random) -> EntryId| entropy.draw(|random| make(now, random));
        let brand = entropy.draw(|random| BrandId::mint(now, random));
        let name = "Maison".to_owned();
        let about = Texts::default();
        ports
            .catalogue
            .save_brand(Brand { id: brand, version: 1, name, about, logo_media_id: None }, now)
            .await
            .expect("saved");
        let us: Country = "US".parse().expect("a country");
        let seller = Seller {
            id: entropy.draw(|random| SellerId::mint(now, random)),
            legal_name: "Maison Inc.".into(),
            address: vec!["1 Spring Street".into(), "New York, NY 10012".into()],
            country: us,
            email: Some("shop@example.com".into()),
            phone: None,
            tax_numbers: vec![],
        };
        let seller_id = seller.id;
        ports.catalogue.save_seller(SellerRow { version: 1, brand_id: None, seller }, now).await.expect("saved");
        let variant = entropy.draw(|random| VariantId::mint(now, random));
        let product = entropy.draw(|random| ProductId::mint(now, random));
        let location = entropy.draw(|random| LocationId::mint(now, random));
        let price =
            PriceVersion { id: draw(EntryId::mint), currency: Currency::USD, unit_minor: Some(19_800), from: now };
        let revision = NewRevision {
            id: product,
            base: 0,
            handle: None,
            product: Product {
                brand_id: brand,
                seller_id: Some(seller_id),
                status: Status::Active,
                category: "fashion".into(),
                texts: ProductTexts { title: english("Belt"), ..ProductTexts::default() },
                axes: vec![],
                variants: vec![Variant { id: variant, sku: "BELT".into(), values: vec![], weight_g: None }],
                media_ids: vec![],
                origin: None,
                hs_code: None,
                minimum_age: None,
                one_of_a_kind: false,
                no_withdrawal: None,
                condition: None,
                measurements: vec![],
                size_chart: None,
            },
            prices: vec![(variant, price)],
            now,
        };
        ports.catalogue.save_product(revision).await.expect("saved");
        ports.stock.set_on_hand(variant, location, on_hand, 0).await.expect("counted");
        let rate = ShippingRate {
            id: draw(EntryId::mint),
            zone: Zone::Elsewhere,
            name: english("Parcel"),
            prices: vec![Money::new(1_200, Currency::USD)],
            days: (3, 7),
        };
        let rate_id = rate.id;
        till.rates.keep_rates(vec![rate]).await.expect("kept");
        Wares { product, variant, rate: rate_id }
    }

    /// How many could be claimed now.
    pub async fn free(&self, wares: &Wares) -> i64 {
        let counts = self.house.app.ports.stock.counts(&[wares.variant]).await.expect("counted");
        counts.iter().map(|count| count.free).sum()
    }
}
