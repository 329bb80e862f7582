//! Every picture of the boutique: what is in it and from where it is seen.

use glam::Vec3;

use crate::bvh::Scene;
use crate::develop::{Picture, develop};
use crate::exposure::expose;
use crate::material::Material;
use crate::mesh::Model;
use crate::models::{bags, beauty, belts, eyewear, garments, hats, jewels, shoes, silks, watches, wigs};
use crate::scenes;
use crate::studio::{Paper, Studio, View};

/// One picture to take.
#[derive(Debug, Clone, Copy)]
pub struct Plate {
    /// File name without its ending.
    pub name: &'static str,
    pub subject: fn() -> Model,
    pub view: View,
    pub paper: Paper,
    /// Pixels across and down.
    pub size: (usize, usize),
    pub samples: u32,
    /// Whether the subject stands on paper and throws a shadow.
    pub floor: bool,
}

const PORTRAIT: (usize, usize) = (960, 1200);
const SMALL: (usize, usize) = (480, 600);

fn plate(name: &'static str, subject: fn() -> Model) -> Plate {
    Plate { name, subject, view: View::default(), paper: Paper::default(), size: PORTRAIT, samples: 24, floor: true }
}

impl Plate {
    fn seen(mut self, around: f32, above: f32, fill: f32) -> Self {
        self.view = View { around, above, fill, ..self.view };
        self
    }

    fn on(mut self, top: u32, bottom: u32) -> Self {
        self.paper = Paper { top, bottom };
        self
    }

    fn small(mut self) -> Self {
        self.size = SMALL;
        self
    }

    fn hung(mut self) -> Self {
        self.floor = false;
        self
    }

    /// Takes the picture at a share of its size and with a share of its samples.
    #[must_use]
    pub fn take(&self, scale: f32, effort: f32) -> Picture {
        let model = (self.subject)();
        let studio = Studio::around(&model, self.view, self.paper, self.floor);
        let scene = Scene::new(&model);
        #[expect(clippy::cast_sign_loss, reason = "sizes are positive")]
        let (width, height, samples) = (
            (self.size.0 as f32 * scale) as usize,
            (self.size.1 as f32 * scale) as usize,
            ((self.samples as f32 * effort) as u32).max(4),
        );
        develop(expose(&scene, &studio, width, height, samples), &studio)
    }
}

const INK: u32 = 0x17110F;
const ROSE: u32 = 0xD9BFA9;

/// All pictures, in the order of the catalogue.
#[must_use]
pub fn all() -> Vec<Plate> {
    let mut plates = fashion();
    plates.extend(cosmetics());
    plates.extend(jewellery());
    plates.extend(hair());
    plates.extend(house());
    plates
}

fn fashion() -> Vec<Plate> {
    vec![
        plate("heloise-cognac", || bags::top_handle(0x7E3C18, true)),
        plate("heloise-ink", || bags::top_handle(0x1C2433, false)).seen(-30.0, 12.0, 0.74),
        plate("riviere-tote", || bags::tote(0xB99B78, 0x4F2A15)).seen(22.0, 16.0, 0.80),
        plate("box-1974", || bags::chain_bag(0x14110F, true)).seen(24.0, 12.0, 0.76),
        plate("minuit-clutch", || bags::minaudiere(0x7A1230)).seen(18.0, 16.0, 0.74),
        plate("ceinture-noir", || belts::rolled(0x1A1614, true, false)).seen(14.0, 22.0, 0.76),
        plate("jardin-carre", || silks::carre(0xF3E6D0, 0x1F3A5F, 0xB5432E, 0xD9A441)).seen(10.0, 46.0, 0.80),
        plate("jardin-carre-nuit", || silks::carre(0x1B2440, 0x0F1526, 0xC0707E, 0xE0B46A)).seen(-12.0, 46.0, 0.80),
        plate("nacre-dress", || garments::slip_dress(0x1F5B4C)).seen(22.0, 5.0, 0.90),
        plate("nacre-dress-champagne", || garments::slip_dress(0xC9AE8C)).seen(-24.0, 5.0, 0.90),
        plate("passage-trench", || garments::trench(0xB29468)).seen(22.0, 5.0, 0.90),
        plate("aubade-pump", || shoes::pumps(0x141214, true)).seen(10.0, 20.0, 0.78),
        plate("rive-fedora", || hats::fedora(0x8B6F56, 0x2B1D16)).seen(10.0, 22.0, 0.80),
        plate("lido-sunglasses", || eyewear::sunglasses(0x2A1A10, true)).seen(30.0, 16.0, 0.78),
    ]
}

fn cosmetics() -> Vec<Plate> {
    vec![
        plate("rouge-rosewood", || beauty::lipstick(0xA63A45, INK)).seen(14.0, 14.0, 0.70),
        plate("rouge-carmine", || beauty::lipstick(0xB3101E, INK)).seen(-18.0, 14.0, 0.70),
        plate("jour-parfum", || beauty::perfume(Vec3::new(0.10, 0.50, 1.5), INK, false)).seen(18.0, 10.0, 0.62),
        plate("jour-parfum-nuit", || beauty::perfume(Vec3::new(0.30, 0.95, 0.55), INK, true)).seen(-16.0, 10.0, 0.70),
        plate("laque-cherry", || beauty::polish(0x5A0312, INK)).seen(20.0, 10.0, 0.68),
        plate("laque-sage", || beauty::polish(0x6F8066, INK)).seen(-18.0, 10.0, 0.68),
        plate("baume-nuit", || beauty::jar(0x20302B, Material::pale_gold(), true)).seen(14.0, 22.0, 0.66),
        plate("elixir", beauty::serum).seen(14.0, 10.0, 0.70),
        plate("poudre", || beauty::compact(0xDDB595, INK)).seen(18.0, 26.0, 0.70),
        plate("quatuor", || beauty::palette([0xC9A184, 0x8A4B3C, 0xD8B9A6, 0x4A2A28], INK)).seen(24.0, 30.0, 0.72),
    ]
}

fn jewellery() -> Vec<Plate> {
    vec![
        plate("etoile-ring", || jewels::solitaire(0x1F6FB2, true, 0x2C2A29)).seen(18.0, 18.0, 0.66),
        plate("perle-drops", || jewels::pearl_drops(true)).seen(16.0, 8.0, 0.72),
        plate("anneau-hoops", || jewels::hoops(true)).seen(10.0, 20.0, 0.72),
        plate("goutte-pendant", || jewels::pendant(0x2E8B57, true, 0xB9AB98)).seen(12.0, 8.0, 0.80),
        plate("ruban-bangles", jewels::bangles).seen(24.0, 18.0, 0.74),
        plate("heure-watch", || watches::dress_watch(0xF4EFE6, 0x4A2A1A, true)).seen(20.0, 20.0, 0.72),
    ]
}

fn hair() -> Vec<Plate> {
    vec![
        plate("colette-bob", || wigs::wig(wigs::bob(0x14100F, true), ROSE)).seen(28.0, 4.0, 0.80),
        plate("colette-bob-copper", || wigs::wig(wigs::bob(0x7A3517, true), ROSE)).seen(-28.0, 4.0, 0.80),
        plate("marguerite-wave", || wigs::wig(wigs::long_wave(0x7A4E28), ROSE)).seen(-26.0, 4.0, 0.84),
        plate("marguerite-wave-honey", || wigs::wig(wigs::long_wave(0xB98A4E), ROSE)).seen(26.0, 4.0, 0.84),
        plate("josephine-curls", || wigs::wig(wigs::curls(0x3A1F14), 0x9C6B4C)).seen(24.0, 4.0, 0.82),
        plate("soie-straight", || wigs::wig(wigs::straight(0x1B1413), 0xE6CDB8)).seen(24.0, 4.0, 0.84),
    ]
}

fn house() -> Vec<Plate> {
    vec![
        plate("cover-evening", scenes::evening).seen(16.0, 14.0, 0.84).on(0xE6C3AF, 0xEFD5C5),
        plate("cover-dressing-table", scenes::dressing_table).seen(12.0, 16.0, 0.86).on(0xD5DCCB, 0xE3E8DB),
        plate("cover-jewels", scenes::jewels).seen(12.0, 16.0, 0.86).on(0x45544D, 0x5A6A62),
        plate("vellaire-seal", scenes::seal).seen(-10.0, 5.0, 0.70).small().hung(),
    ]
}

#[cfg(test)]
mod tests {
    use super::all;

    /// The cheapest plate stands for all: a change of light, tone or geometry moves its pixels.
    #[test]
    fn the_committed_seal_is_what_the_code_draws() {
        let plate = all().into_iter().find(|plate| plate.name == "vellaire-seal").expect("the seal is in the list");
        let committed = include_bytes!("../../crates/trunkshow/furniture/pictures/vellaire-seal.webp");
        let committed = webp::Decoder::new(committed).decode().expect("the committed file is WebP");
        // Through the same codec, since its losses are part of the committed picture.
        let drawn = webp::Decoder::new(&plate.take(1.0, 1.0).webp(crate::QUALITY)).decode().expect("just encoded");
        assert_eq!((drawn.width(), drawn.height()), (committed.width(), committed.height()));
        let off: u64 = drawn.iter().zip(committed.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = off as f64 / drawn.len() as f64;
        assert!(mean < 0.5, "pixels differ by {mean:.2} of 255 on average: run `cargo run -p atelier -- all`");
    }

    #[test]
    fn every_picture_has_a_name_of_its_own() {
        let mut names: Vec<_> = all().iter().map(|plate| plate.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
