//! Several things together: covers of shows, and the house's seal.

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::models::{bags, beauty, jewels, mark, shoes, watches};
use crate::shape::{block, lathe, rounded};

fn plaster(colour: u32) -> Material {
    Material { roughness: 0.9, ..Material::matte(hex(colour)) }
}

/// A round pedestal, its top at `height`.
fn pedestal(radius: f32, height: f32, colour: u32) -> Mesh {
    let points = [(0.0, 0.0), (radius, 0.0), (radius, height), (0.0, height)].map(|(r, y)| Vec2::new(r, y));
    lathe(&rounded(&points, 0.05, 6, false), 128, plaster(colour))
}

/// Leather, heels and colour on plaster.
#[must_use]
pub fn evening() -> Model {
    let mut scene = Model::new();
    let stone = 0xC98F73;
    scene.add(block(Vec3::new(1.75, 0.60, 1.15), 0.05, plaster(stone)).at(-0.25, 0.60, -0.5));
    scene.extend(bags::top_handle(0x6B1022, true).turned(0.0, 14.0, 0.0).at(-0.35, 1.20, -0.5));
    scene.add(pedestal(0.72, 0.55, stone).at(1.75, 0.0, 0.55));
    scene.extend(beauty::lipstick(0xA31A28, 0x17110F).sized(0.62).at(1.70, 0.55, 0.50));
    scene.extend(shoes::pumps(0x141214, true).sized(0.78).at(-0.55, 0.0, 1.45));
    scene
}

/// Scent, colour and powder before a looking-glass.
#[must_use]
pub fn dressing_table() -> Model {
    let mut scene = Model::new();
    let stone = 0xB9C2AE;
    scene.add(pedestal(1.15, 0.85, stone).at(-0.75, 0.0, -0.55));
    scene.extend(
        beauty::perfume(Vec3::new(0.10, 0.55, 1.6), 0x15110F, false).turned(0.0, 10.0, 0.0).at(-0.75, 0.85, -0.55),
    );
    scene.add(pedestal(0.80, 0.40, stone).at(1.05, 0.0, -0.15));
    scene.extend(beauty::lipstick(0x9E2B38, 0x17110F).sized(0.78).at(1.05, 0.40, -0.20));
    scene.extend(beauty::polish(0x5A0312, 0x15110F).sized(0.74).turned(0.0, -12.0, 0.0).at(-1.25, 0.0, 1.05));
    scene.extend(beauty::compact(0xE2BFA2, 0x17110F).sized(0.68).turned(0.0, -14.0, 0.0).at(0.25, 0.0, 1.15));
    scene
}

/// Gold and stones on dark velvet.
#[must_use]
pub fn jewels() -> Model {
    let mut scene = Model::new();
    let stone = 0x33403B;
    scene.add(pedestal(1.05, 1.25, stone).at(-0.85, 0.0, -0.6));
    scene.extend(
        watches::dress_watch(0xF4EFE6, 0x1D1512, true).sized(0.62).turned(0.0, 12.0, 0.0).at(-0.85, 1.25, -0.6),
    );
    scene.extend(jewels::pearl_drops(true).sized(0.62).turned(0.0, -10.0, 0.0).at(0.95, 0.0, -0.35));
    scene.extend(jewels::solitaire(0x1F6FB2, true, 0x22201F).sized(0.62).turned(0.0, 12.0, 0.0).at(-0.95, 0.0, 1.05));
    scene.extend(jewels::hoops(true).sized(0.52).turned(0.0, -8.0, 0.0).at(0.85, 0.0, 1.15));
    scene
}

/// The sign over the door.
#[must_use]
pub fn seal() -> Model {
    mark::seal(&Material::gold().with_roughness(0.46))
}
