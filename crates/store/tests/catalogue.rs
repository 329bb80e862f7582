//! Products on both databases: revisions by version, price lists that only grow, imports that show all at once.

use app::ports::{
    Catalogue, ImportRow, ImportState, Imports, ListProducts, MediaRow, MediaRows, NewRevision, SaveRefused, StoreError,
};
use kernel::{
    BrandId, Currency, EntryId, ImportId, Language, LocationId, MediaId, Money, ProductId, Random, Texts, Timestamp,
    VariantId,
};
use shop::catalogue::{Brand, Location, ProductDraft, Status, VariantDraft};
use shop::price::PriceVersion;
use store::Store;
use store::testing::on_both;

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);

struct Shelves {
    store: Store,
    random: Random,
    brand: BrandId,
    location: LocationId,
}

impl Shelves {
    async fn new(store: Store) -> Self {
        let mut random = Random::seeded(8);
        let brand = BrandId::mint(NOW, &mut random);
        let location = LocationId::mint(NOW, &mut random);
        let row = Brand { id: brand, version: 1, name: "Maison".into(), about: Texts::default(), logo_media_id: None };
        store.save_brand(row, NOW).await.expect("a brand");
        let country = "FR".parse().expect("a country");
        let place = Location { id: location, brand_id: Some(brand), name: "Rue Claire".into(), country };
        store.add_location(place, NOW).await.expect("a location");
        Self { store, random, brand, location }
    }

    /// A new product of one variant, sold at 198 dollars.
    fn belt(&mut self, sku: &str) -> NewRevision {
        let mut draft = ProductDraft::empty(self.brand);
        draft.category = "fashion".into();
        draft.texts.title = Texts::new([(Language::english(), format!("Belt {sku}"))]);
        draft.variants = vec![VariantDraft { sku: sku.into(), ..VariantDraft::default() }];
        let random = &mut self.random;
        let product = draft.check(Status::Active, || VariantId::mint(NOW, random)).expect("sound");
        let variant = product.variants[0].id;
        let prices = vec![(variant, self.price(19_800, NOW))];
        let id = ProductId::mint(NOW, &mut self.random);
        NewRevision { id, base: 0, handle: Some(sku.to_lowercase()), product, prices, now: NOW }
    }

    fn price(&mut self, minor: i64, from: Timestamp) -> PriceVersion {
        let id = EntryId::mint(NOW, &mut self.random);
        PriceVersion { id, currency: Currency::USD, unit_minor: Some(minor), from }
    }

    async fn listed(&self) -> Vec<String> {
        let which = ListProducts { limit: 10, ..ListProducts::default() };
        let rows = self.store.list_products(which).await.expect("listed");
        rows.into_iter().map(|row| row.product.variants[0].sku.clone()).collect()
    }

    async fn import(&mut self) -> ImportId {
        let id = ImportId::mint(NOW, &mut self.random);
        let row = ImportRow {
            id,
            format: "trunkshow".into(),
            brand_id: self.brand,
            seller_id: None,
            location_id: self.location,
            language: Language::english(),
            currency: Currency::USD,
            state: ImportState::Checked,
            stocked: false,
            created_at: NOW,
        };
        self.store.add_import(row).await.expect("an import");
        id
    }
}

#[tokio::test]
async fn an_edit_is_a_new_revision_of_the_version_that_was_read() {
    on_both(|store| async move {
        let mut shelves = Shelves::new(store).await;
        let first = shelves.belt("B-80");
        shelves.store.save_product(first.clone()).await.expect("saved");
        let mut edit = NewRevision { base: 1, prices: Vec::new(), ..first.clone() };
        edit.product.status = Status::Archived;
        shelves.store.save_product(edit.clone()).await.expect("the second revision");
        let again = shelves.store.save_product(edit).await;
        assert_eq!(again, Err(SaveRefused::Store(StoreError::Changed)));
        let ahead = NewRevision { base: 7, prices: Vec::new(), ..first.clone() };
        assert_eq!(shelves.store.save_product(ahead).await, Err(SaveRefused::Store(StoreError::Changed)));
        let found = shelves.store.products(&[first.id]).await.expect("read");
        assert_eq!((found.len(), found[0].version, found[0].product.status), (1, 2, Status::Archived));
        let active = ListProducts { status: Some(Status::Active), limit: 10, ..ListProducts::default() };
        assert!(shelves.store.list_products(active).await.expect("listed").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_sku_belongs_to_one_product_of_a_brand() {
    on_both(|store| async move {
        let mut shelves = Shelves::new(store).await;
        let first = shelves.belt("B-80");
        shelves.store.save_product(first.clone()).await.expect("saved");
        let mut second = shelves.belt("B-80");
        second.handle = Some("other".into());
        assert_eq!(shelves.store.save_product(second).await, Err(SaveRefused::SkuTaken("B-80".into())));
        let mut third = shelves.belt("B-81");
        third.handle = first.handle.clone();
        assert_eq!(shelves.store.save_product(third).await, Err(SaveRefused::HandleTaken("b-80".into())));
        assert_eq!(shelves.listed().await, ["B-80"]);
        let skus = shelves.store.skus(shelves.brand, &["B-80".into(), "B-81".into()]).await.expect("read");
        assert_eq!(skus.get("B-80").map(|(_, product)| *product), Some(first.id));
        assert_eq!(skus.len(), 1);
        let variant = first.product.variants[0].id;
        assert_eq!(shelves.store.products_of(&[variant]).await, Ok(vec![(variant, first.id)]));
    })
    .await;
}

#[tokio::test]
async fn price_lists_only_grow() {
    on_both(|store| async move {
        let mut shelves = Shelves::new(store).await;
        let belt = shelves.belt("B-80");
        let variant = belt.product.variants[0].id;
        shelves.store.save_product(belt).await.expect("saved");
        let later = NOW + kernel::Millis::from_days(40);
        let lower = shelves.price(15_000, later);
        shelves.store.add_prices(vec![(variant, lower)]).await.expect("added");
        let lists = shelves.store.price_lists(&[variant]).await.expect("read");
        let list = &lists[&variant];
        assert_eq!(list.iter().map(|version| version.unit_minor).collect::<Vec<_>>(), [Some(19_800), Some(15_000)]);
        assert_eq!(shop::price::was(later, Currency::USD, list), Some(Money::new(19_800, Currency::USD)));
    })
    .await;
}

#[tokio::test]
async fn an_import_is_seen_whole_or_not_at_all() {
    on_both(|store| async move {
        let mut shelves = Shelves::new(store).await;
        let known = shelves.belt("B-80");
        shelves.store.save_product(known.clone()).await.expect("saved");
        let import = shelves.import().await;
        shelves.store.begin_import(import).await.expect("begun");
        assert_eq!(shelves.store.begin_import(import).await, Err(StoreError::Changed));
        let mut change = NewRevision { base: 1, prices: Vec::new(), ..known.clone() };
        change.product.category = "belts".into();
        let variant = known.product.variants[0].id;
        change.prices = vec![(variant, shelves.price(9_900, NOW))];
        let fresh = shelves.belt("B-90");
        shelves.store.stage(import, vec![change, fresh.clone()]).await.expect("staged");

        assert_eq!(shelves.listed().await, ["B-80"]);
        let before = shelves.store.products(&[known.id, fresh.id]).await.expect("read");
        assert_eq!((before.len(), before[0].product.category.as_str()), (1, "fashion"));
        assert_eq!(shelves.store.price_lists(&[variant]).await.expect("read")[&variant].len(), 1);
        assert_eq!(shelves.store.unfinished_imports().await.expect("read").len(), 1);

        let at = NOW + kernel::Millis::from_mins(1);
        shelves.store.switch_on(import, at).await.expect("switched");
        assert_eq!(shelves.listed().await, ["B-90", "B-80"]);
        let after = shelves.store.products(&[known.id]).await.expect("read");
        assert_eq!((after[0].version, after[0].product.category.as_str()), (2, "belts"));
        let list = &shelves.store.price_lists(&[variant]).await.expect("read")[&variant];
        assert_eq!((list.len(), list[1].from), (2, at));
        shelves.store.set_stocked(import).await.expect("stocked");
        assert!(shelves.store.unfinished_imports().await.expect("read").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_staged_import_can_be_taken_back() {
    on_both(|store| async move {
        let mut shelves = Shelves::new(store).await;
        let known = shelves.belt("B-80");
        shelves.store.save_product(known.clone()).await.expect("saved");
        let import = shelves.import().await;
        shelves.store.begin_import(import).await.expect("begun");
        let change = NewRevision { base: 1, prices: Vec::new(), ..known };
        let fresh = shelves.belt("B-90");
        shelves.store.stage(import, vec![change.clone(), fresh.clone()]).await.expect("staged");
        // While it is staged, an edit waits; afterwards nothing of it is left.
        let edit = shelves.store.save_product(change.clone()).await;
        assert_eq!(edit, Err(SaveRefused::Store(StoreError::Changed)));
        shelves.store.discard_staged(import).await.expect("discarded");
        shelves.store.save_product(change).await.expect("free again");
        shelves.store.save_product(fresh).await.expect("its names are free again");
        let row = shelves.store.import(import).await.expect("read").expect("there");
        assert_eq!(row.state, ImportState::Checked);
    })
    .await;
}

#[tokio::test]
async fn a_picture_and_a_brand_read_back() {
    on_both(|store| async move {
        let mut shelves = Shelves::new(store).await;
        let id = MediaId::mint(NOW, &mut shelves.random);
        let brand_id = Some(shelves.brand);
        let media = MediaRow { id, brand_id, width: 4_000, height: 3_000, size_bytes: 9, created_at: NOW };
        shelves.store.add_media(media.clone()).await.expect("added");
        assert_eq!(shelves.store.media(&[id]).await, Ok(vec![media]));
        let mut brand = shelves.store.brand(shelves.brand).await.expect("read").expect("there");
        brand.version = 2;
        brand.name = "Maison Claire".into();
        shelves.store.save_brand(brand.clone(), NOW).await.expect("changed");
        assert_eq!(shelves.store.save_brand(brand.clone(), NOW).await, Err(StoreError::Changed));
        assert_eq!(shelves.store.brands().await, Ok(vec![brand]));
    })
    .await;
}
