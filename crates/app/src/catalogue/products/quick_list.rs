//! A piece listed on air: on sale at once, completed later.

use kernel::{BrandId, Language, MediaId, Money, ProductId, Texts};
use shop::catalogue::{
    AxisDraft, Fault, Faults, ProductDraft, Status, StockLine, ValueDraft, VariantDraft, price_faults,
};

use super::save::save;
use crate::ports::{ListProducts, ProductRow};
use crate::{App, Problem, house};

/// What a phone gives in 20 seconds.
#[derive(Clone, Debug)]
pub struct Piece {
    pub title: String,
    /// The language that the title is written in.
    pub language: Language,
    pub media_id: MediaId,
    /// One for each currency that it is sold in, at least one; of currencies that the house sells in.
    pub prices: Vec<Money>,
    pub size: Option<String>,
    /// None: the show's own.
    pub brand: Option<BrandId>,
    /// Pieces, at least 1; 1 makes it one of a kind.
    pub quantity: i64,
}

/// A product of one variant, on sale at once or a draft by `status`. It takes the seller of
/// the brand's newest product, else the brand's first seller or the house's; and the first location likewise. The caller has
/// checked that the actor may list in this brand.
pub async fn quick_list(app: &App, brand_id: BrandId, status: Status, piece: Piece) -> Result<ProductRow, Problem> {
    let own = |brand: Option<BrandId>| brand.is_none_or(|brand| brand == brand_id);
    let sellers = app.ports.catalogue.sellers().await?;
    let locations = app.ports.catalogue.locations().await?;
    let lately = ListProducts { status: None, brands: Some(vec![brand_id]), category: None, after: None, limit: 1 };
    let lately = app.ports.catalogue.list_products(lately).await?;
    let lately = lately.first().and_then(|row| row.product.seller_id);
    // The brand's own before the house's.
    let seller = sellers.iter().filter(|row| own(row.brand_id));
    let seller = seller.min_by_key(|row| (lately != Some(row.seller.id), row.brand_id.is_none()));
    let location = locations.iter().filter(|row| own(row.brand_id)).min_by_key(|row| row.brand_id.is_none());
    let mut faults = Faults::default();
    faults.when(seller.is_none(), "seller_id", Fault::Required);
    faults.when(location.is_none(), "location_id", Fault::Required);
    faults.when(piece.title.trim().is_empty(), "title", Fault::Required);
    faults.when(piece.quantity < 1, "quantity", Fault::NotPositive);
    faults.when(piece.prices.is_empty(), "prices", Fault::Required);
    price_faults(&piece.prices, "prices", &mut faults);
    let sold_in = house::get(app).await?.currencies;
    for (at, price) in piece.prices.iter().enumerate() {
        faults.when(!sold_in.contains(&price.currency), format!("prices.{at}.currency"), Fault::UnknownCurrency);
    }
    faults.or(())?;

    let now = app.now();
    let id = app.entropy.draw(|random| ProductId::mint(now, random));
    let text = |text: &str| Texts::new([(piece.language.clone(), text.to_owned())]);
    let mut draft = ProductDraft::empty(brand_id);
    draft.seller_id = seller.map(|row| row.seller.id);
    draft.category = "other".into();
    draft.texts.title = text(&piece.title);
    draft.media_ids = vec![piece.media_id];
    draft.one_of_a_kind = piece.quantity == 1;
    let size = piece.size.as_deref().map(str::trim).filter(|size| !size.is_empty());
    if let Some(size) = size {
        let mut name = text("Size");
        name.0.insert(Language::english(), "Size".into());
        name.0.insert(Language::chinese(), "尺码".into());
        draft.axes = vec![AxisDraft { name, values: vec![ValueDraft { id: None, label: text(size) }] }];
    }
    let stock = location.map(|row| StockLine { location_id: row.id, on_hand: piece.quantity, buffer: 0 });
    draft.variants = vec![VariantDraft {
        id: None,
        sku: format!("AIR-{id}"),
        values: size.map(str::to_owned).into_iter().collect(),
        prices: piece.prices,
        stock: stock.into_iter().collect(),
        weight_g: None,
    }];
    Ok(save(app, None, id, status, draft).await?.row)
}
