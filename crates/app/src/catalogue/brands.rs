//! The brands of the house.

use kernel::{BrandId, MediaId, Texts};
use shop::catalogue::Brand;

use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Code, Problem};

/// Brands of one house: every page lists them all.
const MOST: usize = 200;

/// What staff write about a brand.
#[derive(Clone, Debug)]
pub struct BrandDraft {
    pub name: String,
    pub about: Texts,
    pub logo_media_id: Option<MediaId>,
}

impl BrandDraft {
    fn checked(self, id: BrandId, version: i64) -> Result<Brand, Problem> {
        let name = self.name.trim().to_owned();
        let brand = Brand { id, version, name, about: self.about, logo_media_id: self.logo_media_id };
        brand.check()?;
        Ok(brand)
    }
}

/// Every brand, oldest first. Public.
pub async fn list(app: &App) -> Result<Vec<Brand>, Problem> {
    Ok(app.ports.catalogue.brands().await?)
}

/// Public.
pub async fn get(app: &App, id: BrandId) -> Result<Brand, Problem> {
    app.ports.catalogue.brand(id).await?.ok_or_else(|| Code::NotFound.into())
}

pub async fn create(app: &App, actor: &Actor, draft: BrandDraft) -> Result<Brand, Problem> {
    require(actor, Act::ManageHouse, Place::HOUSE)?;
    let now = app.now();
    let brand = draft.checked(app.entropy.draw(|random| BrandId::mint(now, random)), 1)?;
    if app.ports.catalogue.brands().await?.len() >= MOST {
        return Err(Problem::field("name", "too_many_brands"));
    }
    app.ports.catalogue.save_brand(brand.clone(), now).await?;
    note(app, actor, Entry::new(Deed::BrandCreated, &brand.name)).await;
    Ok(brand)
}

/// `version` is the one that was edited.
pub async fn update(app: &App, actor: &Actor, id: BrandId, version: i64, draft: BrandDraft) -> Result<Brand, Problem> {
    require(actor, Act::ManageHouse, Place::brand(id))?;
    let known = get(app, id).await?;
    if known.version != version {
        return Err(Code::ChangedMeanwhile.into());
    }
    let brand = draft.checked(id, version + 1)?;
    app.ports.catalogue.save_brand(brand.clone(), app.now()).await?;
    note(app, actor, Entry::new(Deed::BrandChanged, &brand.name)).await;
    Ok(brand)
}
