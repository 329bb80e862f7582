//! Pictures: read by header, decoded within a bound, turned upright, resized with SIMD, written by libwebp.

use std::io::Cursor;

use app::ports::{
    MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, PICTURE_WIDTHS, PictureRefusal, Pictures, Prepared, Rendition,
};
use async_trait::async_trait;
use bytes::Bytes;
use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, Resizer};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

/// One picture is decoded at a time: the bound on memory is one picture's.
const AT_ONCE: usize = 1;
/// Bytes of decoded pixels: 36 megapixels with alpha, or 18 in 16 bits.
const MAX_DECODED_BYTES: u64 = 4 * MAX_PICTURE_PIXELS;
/// libwebp's own bound is 16,383; taller pictures are made smaller than their width says.
const MAX_HEIGHT: u32 = 4_096;
/// 0 to 100. At 80 a photograph of cloth shows no blocks at phone width.
const QUALITY: f32 = 80.0;

/// Makes pictures on the blocking pool, one after the other.
#[derive(Debug)]
pub struct WebpPictures {
    gate: Semaphore,
}

impl Default for WebpPictures {
    fn default() -> Self {
        Self { gate: Semaphore::new(AT_ONCE) }
    }
}

#[async_trait]
impl Pictures for WebpPictures {
    async fn prepare(&self, bytes: Bytes, declared: Option<&str>) -> Result<Prepared, PictureRefusal> {
        if bytes.len() > MAX_PICTURE_BYTES {
            return Err(PictureRefusal::TooLarge);
        }
        let declared = declared.and_then(ImageFormat::from_mime_type);
        // The gate is never closed.
        let _turn = self.gate.acquire().await;
        let made = tokio::task::spawn_blocking(move || prepare(&bytes, declared)).await;
        // A decoder that panics on hostile bytes has not read a picture.
        made.unwrap_or(Err(PictureRefusal::NotReadable))
    }
}

fn prepare(bytes: &[u8], declared: Option<ImageFormat>) -> Result<Prepared, PictureRefusal> {
    let upright = decode(bytes, declared)?;
    let (width, height) = (upright.width(), upright.height());
    let mut source = pixels(upright)?;
    let mut renditions = Vec::new();
    // Each width is made from the next larger one, which costs a fraction of making it from the original.
    let largest = PICTURE_WIDTHS.iter().position(|made| *made >= width).unwrap_or(PICTURE_WIDTHS.len() - 1);
    for made in PICTURE_WIDTHS[..=largest].iter().rev() {
        source = resized(source, fitting(width, height, *made))?;
        renditions.push(Rendition { width: *made, webp: encoded(&source)? });
    }
    Ok(Prepared { width, height, renditions })
}

fn decode(bytes: &[u8], declared: Option<ImageFormat>) -> Result<DynamicImage, PictureRefusal> {
    let unreadable = |_| PictureRefusal::NotReadable;
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| PictureRefusal::NotReadable)?;
    let found = reader.format().ok_or(PictureRefusal::NotReadable)?;
    let taken = matches!(found, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif);
    if !taken || declared.is_some_and(|declared| declared != found) {
        return Err(PictureRefusal::NotReadable);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES + 64 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| match error {
        image::ImageError::Limits(_) => PictureRefusal::TooLarge,
        _ => PictureRefusal::NotReadable,
    })?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(PictureRefusal::TooLarge);
    }
    if width == 0 || height == 0 {
        return Err(PictureRefusal::NotReadable);
    }
    if found == ImageFormat::Jpeg && !is_whole(bytes) {
        return Err(PictureRefusal::NotReadable);
    }
    // Phones write how the camera was held; a broken note is as good as none.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Whether a JPEG's picture comes to its end: the decoder fills what an upload lost with grey. What cameras write behind
/// the end does not count, nor does the end of a preview in front.
fn is_whole(jpeg: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    const END_OF_IMAGE: u8 = 0xD9;
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = jpeg.get(at..at + 4) {
        if marker == START_OF_SCAN {
            return jpeg[at..].windows(2).any(|pair| pair == [0xFF, END_OF_IMAGE]);
        }
        // Any number of 0xFF may stand before a marker.
        at += if marker == 0xFF { 1 } else { 2 + usize::from(u16::from_be_bytes([high, low])) };
    }
    false
}

fn pixels(picture: DynamicImage) -> Result<Image<'static>, PictureRefusal> {
    let (width, height) = (picture.width(), picture.height());
    let (raw, kind) = if picture.color().has_alpha() {
        (picture.into_rgba8().into_raw(), PixelType::U8x4)
    } else {
        (picture.into_rgb8().into_raw(), PixelType::U8x3)
    };
    Image::from_vec_u8(width, height, raw, kind).map_err(|_| PictureRefusal::NotReadable)
}

/// The size of a rendition: as wide as asked, never larger than the original, never too tall.
fn fitting(width: u32, height: u32, asked: u32) -> (u32, u32) {
    let wide = asked.min(width);
    let tall = scaled(height, wide, width);
    if tall <= MAX_HEIGHT { (wide, tall) } else { (scaled(wide, MAX_HEIGHT, tall), MAX_HEIGHT) }
}

fn scaled(length: u32, by: u32, of: u32) -> u32 {
    let exact = u64::from(length) * u64::from(by) / u64::from(of);
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

fn resized(source: Image<'static>, (width, height): (u32, u32)) -> Result<Image<'static>, PictureRefusal> {
    if (source.width(), source.height()) == (width, height) {
        return Ok(source);
    }
    let mut smaller = Image::new(width, height, source.pixel_type());
    Resizer::new().resize(&source, &mut smaller, None).map_err(|_| PictureRefusal::NotReadable)?;
    Ok(smaller)
}

fn encoded(picture: &Image<'_>) -> Result<Bytes, PictureRefusal> {
    let (raw, width, height) = (picture.buffer(), picture.width(), picture.height());
    let encoder = if picture.pixel_type() == PixelType::U8x4 {
        webp::Encoder::from_rgba(raw, width, height)
    } else {
        webp::Encoder::from_rgb(raw, width, height)
    };
    let webp = encoder.encode_simple(false, QUALITY).map_err(|_| PictureRefusal::NotReadable)?;
    Ok(Bytes::copy_from_slice(&webp))
}

#[cfg(test)]
mod tests {
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    use image::{ExtendedColorType, ImageBuffer, ImageEncoder, Rgb, Rgba};

    use super::*;

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        written(picture, ImageFormat::Png)
    }

    fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).expect("written");
        bytes.into_inner()
    }

    fn wide(width: u32, height: u32) -> DynamicImage {
        ImageBuffer::from_fn(width, height, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 90])).into()
    }

    /// A black PNG, written without effort.
    fn black(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let raw = vec![0; (width * height) as usize];
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::NoFilter)
            .write_image(&raw, width, height, ExtendedColorType::L8)
            .expect("written");
        bytes
    }

    async fn check(bytes: Vec<u8>, declared: Option<&str>, expected: Result<(u32, u32, &[u32]), PictureRefusal>) {
        let made = WebpPictures::default().prepare(bytes.into(), declared).await;
        let widths: Vec<u32> = made.iter().flat_map(|made| made.renditions.iter().map(|r| r.width)).collect();
        let got = made.as_ref().map(|made| (made.width, made.height, widths.as_slice())).map_err(|error| *error);
        assert_eq!(got, expected);
        for rendition in made.iter().flat_map(|made| &made.renditions) {
            let back = image::load_from_memory_with_format(&rendition.webp, ImageFormat::WebP).expect("WebP");
            assert!(back.width() <= rendition.width && back.height() <= MAX_HEIGHT);
        }
    }

    #[tokio::test]
    async fn a_picture_comes_in_every_width_that_it_has_pixels_for() {
        check(png(wide(2_000, 1_000)), Some("image/png"), Ok((2_000, 1_000, &[1280, 960, 640, 320, 160]))).await;
        check(written(wide(500, 700), ImageFormat::Jpeg), None, Ok((500, 700, &[640, 320, 160]))).await;
        let glass: DynamicImage = ImageBuffer::from_pixel(100, 20_000, Rgba([9u8, 9, 9, 120])).into();
        check(png(glass), Some("image/png"), Ok((100, 20_000, &[160]))).await;
        check(written(wide(200, 100), ImageFormat::Gif), Some("image/gif"), Ok((200, 100, &[320, 160]))).await;
    }

    #[tokio::test]
    async fn thirty_six_megapixels_are_taken_and_forty_are_not() {
        let most = black(7_200, 5_000);
        check(most, Some("image/png"), Ok((7_200, 5_000, &[1280, 960, 640, 320, 160]))).await;
        check(black(8_000, 5_000), Some("image/png"), Err(PictureRefusal::TooLarge)).await;
        // The size stands in the first chunk (bytes 16 to 24, then a checksum): no pixel is looked at.
        let mut header = black(1, 1);
        header[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x17, 0x70]);
        let sum = [0x3f, 0xb2, 0x97, 0xf3];
        header[29..33].copy_from_slice(&sum);
        check(header, Some("image/png"), Err(PictureRefusal::TooLarge)).await;
        check(vec![0; MAX_PICTURE_BYTES + 1], None, Err(PictureRefusal::TooLarge)).await;
    }

    #[tokio::test]
    async fn what_is_no_picture_or_not_what_it_says_is_refused() {
        let unreadable = Err(PictureRefusal::NotReadable);
        check(b"MZ this is a program".to_vec(), Some("image/jpeg"), unreadable).await;
        check(png(wide(10, 10)), Some("image/jpeg"), unreadable).await;
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Some("image/svg+xml"), unreadable).await;
        let mut cut = png(wide(300, 300));
        cut.truncate(cut.len() / 2);
        check(cut, Some("image/png"), unreadable).await;
        let mut cut = written(wide(300, 300), ImageFormat::Jpeg);
        cut.truncate(cut.len() / 2);
        check(cut, Some("image/jpeg"), unreadable).await;
        check(Vec::new(), None, unreadable).await;
    }
}
