//! Uploading a picture, and serving it in the width that a screen needs.

use bytes::Bytes;
use kernel::{BrandId, MediaId};
use tokio::sync::SemaphorePermit;

use crate::access::{Act, Place, may, require, require_somewhere};
use crate::catalogue::products::Picture;
use crate::ports::{MediaRow, PICTURE_WIDTHS, PictureRefusal};
use crate::{Actor, App, Code, Problem};

/// A place among the uploads that are held in memory; ask for it before the body is read.
#[derive(Debug)]
pub struct UploadSlot<'a>(#[expect(dead_code, reason = "held until the upload is over")] SemaphorePermit<'a>);

/// Whether the actor may upload at all (for this brand, where one is named), and whether there is room for one more
/// upload now.
pub fn slot<'a>(app: &'a App, actor: &Actor, brand: Option<BrandId>) -> Result<UploadSlot<'a>, Problem> {
    if let Some(place) = brand.map(Place::brand)
        && !may(actor, Act::RunShow, place)
    {
        require(actor, Act::ManageCatalogue, place)?;
    }
    let staff = actor.person.iter().flat_map(|person| &person.memberships).any(|held| {
        let place = match held.scope {
            crate::Scope::House => Place::HOUSE,
            crate::Scope::Brand(brand) => Place::brand(brand),
            crate::Scope::Show(show) => Place { brand: None, show: Some(show) },
        };
        // Whoever lists on air takes snapshots.
        may(actor, Act::RunShow, place)
    });
    if !staff {
        require_somewhere(actor, Act::ManageCatalogue)?;
    }
    let permit = app.catalogue.uploads.try_acquire();
    permit.map(UploadSlot).map_err(|_| Problem::from(Code::Busy).retry_after(2))
}

/// Makes the widths, keeps them, and only then says that the picture exists.
pub async fn upload(
    app: &App,
    _slot: UploadSlot<'_>,
    brand_id: Option<BrandId>,
    bytes: Bytes,
    declared: Option<&str>,
) -> Result<MediaRow, Problem> {
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let made = app.ports.pictures.prepare(bytes, declared).await.map_err(|refusal| match refusal {
        PictureRefusal::NotReadable => Code::PictureNotReadable,
        PictureRefusal::TooLarge => Code::PictureTooLarge,
    })?;
    let now = app.now();
    let id = app.entropy.draw(|random| MediaId::mint(now, random));
    for rendition in made.renditions {
        app.ports.objects.put(&key(id, rendition.width), rendition.webp).await?;
    }
    let row = MediaRow { id, brand_id, width: made.width, height: made.height, size_bytes, created_at: now };
    app.ports.media.add_media(row.clone()).await?;
    Ok(row)
}

fn key(id: MediaId, width: u32) -> String {
    format!("media/{id}/{width}.webp")
}

/// The objects that may hold this picture, one a width: a narrow picture has no wide ones.
#[must_use]
pub fn objects(id: MediaId) -> Vec<String> {
    PICTURE_WIDTHS.iter().map(|width| key(id, *width)).collect()
}

/// The picture as WebP, at most `width` pixels wide; a picture with fewer pixels is served as large as it is. Public: its
/// id is a capability, and what a product shows is public anyway.
pub async fn rendition(app: &App, id: MediaId, width: u32) -> Result<Bytes, Problem> {
    if !PICTURE_WIDTHS.contains(&width) {
        return Err(Code::NotFound.into());
    }
    // Narrow pictures have no wide renditions: the widest below serves as well.
    for made in PICTURE_WIDTHS.iter().rev().filter(|made| **made <= width) {
        if let Some(bytes) = app.ports.objects.get(&key(id, *made)).await? {
            return Ok(bytes);
        }
    }
    Err(Code::NotFound.into())
}

/// What is known of those of the pictures that are there.
pub async fn pictures(app: &App, ids: &[MediaId]) -> Result<Vec<Picture>, Problem> {
    Ok(app.ports.media.media(ids).await?.iter().map(Picture::from).collect())
}

/// What is known of a picture; none when it is not there.
pub async fn picture(app: &App, id: MediaId) -> Result<Option<Picture>, Problem> {
    Ok(app.ports.media.media(&[id]).await?.first().map(Picture::from))
}
