//! Hats.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::noise::layered;
use crate::pattern::Grain;
use crate::shape::{block, lathe, rounded, tube};

/// A wide brim in felt with a grosgrain band.
#[must_use]
pub fn fedora(felt: u32, ribbon: u32) -> Model {
    let cloth = Material::suede(hex(felt));
    let brim = |u: f32, v: f32| {
        let (sin, cos) = (u * TAU).sin_cos();
        let r = 0.86 + v * 1.02;
        let roll = 0.16 * v * v * (cos * cos) - 0.10 * v * v * (sin * sin).powi(2);
        let wave = 0.05 * v * (layered(Vec3::new(cos * 1.4, sin * 1.4, 2.0), 2) - 0.5);
        Vec3::new(cos * r * 0.93, wave - roll + 0.25 * v * v * cos * cos, sin * r * 1.04)
    };
    let mut hat = Model::new();
    hat.add(Mesh::surface(180, 40, cloth.clone(), brim));
    let edge: Vec<Vec3> = (0..180).map(|i| brim(i as f32 / 180.0, 1.0)).collect();
    hat.add(tube(&edge, true, 0.028, cloth.clone()));
    let profile = rounded(
        &[(0.875, 0.0), (0.80, 1.02), (0.62, 1.14), (0.0, 1.10)].map(|(r, y)| Vec2::new(r, y)),
        0.16,
        12,
        false,
    );
    let crown = lathe(&profile, 160, cloth).bent(|p| {
        let high = crate::noise::ramp(0.35, 1.1, p.y);
        // A lengthwise crease on top and a pinch at both sides of the front.
        let crease = 0.26 * high * (-(p.x / 0.26).powi(2)).exp() * (1.0 - 0.35 * (p.z / 0.8).powi(2));
        let pinch = 0.24 * high * (-((p.z - 0.62) / 0.30).powi(2)).exp() * (-((p.x.abs() - 0.48) / 0.24).powi(2)).exp();
        Vec3::new(p.x * (0.95 - pinch), p.y - crease + 0.05 * high * (p.z / 0.8), p.z * 1.06)
    });
    hat.add(crown);
    let band = Material { roughness: 0.6, sheen: Vec3::splat(0.05), ..Material::matte(hex(ribbon)) }
        .with_grain(Grain::Brushed { scale: 60.0, depth: 0.4 });
    hat.add(
        lathe(
            &[(0.885, 0.01), (0.898, 0.03), (0.880, 0.24), (0.868, 0.255)].map(|(r, y)| Vec2::new(r, y)),
            140,
            band.clone(),
        )
        .scaled(0.955, 1.0, 1.065),
    );
    hat.add(block(Vec3::new(0.05, 0.10, 0.20), 0.03, band.clone()).at(0.86, 0.14, 0.12));
    hat.add(block(Vec3::new(0.06, 0.11, 0.045), 0.03, band).at(0.865, 0.14, 0.12));
    hat.turned(0.0, 34.0, 0.0).turned(-6.0, 0.0, 0.0).grounded()
}
