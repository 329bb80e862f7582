//! Sunglasses.

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::pattern::Pattern;
use crate::shape::{block, ring, sweep, through, through_flat};

/// Acetate frames, open, resting on their arms.
#[must_use]
pub fn sunglasses(lens: u32, tortoise: bool) -> Model {
    let base = Material { coat: 1.0, coat_roughness: 0.04, roughness: 0.3, ..Material::matte(hex(0x16120F)) };
    let acetate = if tortoise { base.with_pattern(Pattern::Tortoise { scale: 3.4 }) } else { base };
    let gold = Material::pale_gold();
    // A front that is swept up at the outer corners and curves around the face.
    let eye = through_flat(
        &[
            (0.10, 0.05),
            (0.22, 0.33),
            (0.55, 0.42),
            (0.98, 0.44),
            (1.16, 0.34),
            (1.12, 0.02),
            (0.92, -0.33),
            (0.55, -0.44),
            (0.22, -0.30),
        ]
        .map(|(x, y)| Vec2::new(x + 0.06, y)),
        10,
        true,
    );
    let wrap = |x: f32| -0.16 * (x / 1.2).powi(2);
    let mut pair = Model::new();
    for side in [-1.0, 1.0] {
        let path: Vec<Vec3> = eye.iter().map(|p| Vec3::new(p.x * side, p.y, wrap(p.x))).collect();
        pair.add(sweep(&path, true, &ring(Vec2::new(0.075, 0.065), 3.4, 22), Vec3::Z, acetate.clone(), |_| 1.0));
        let glass = Material { coat: 1.0, coat_roughness: 0.02, roughness: 0.25, ..Material::matte(hex(lens)) };
        let centre = Vec2::new(0.70, 0.02);
        let count = eye.len();
        let disc = Mesh::surface(count, 16, glass, |u, v| {
            let at = (u.rem_euclid(1.0)) * count as f32;
            let i = at as usize;
            let q = eye[i % count].lerp(eye[(i + 1) % count], at.fract());
            let p = centre.lerp(q, v.clamp(0.001, 1.0));
            Vec3::new(p.x * side, p.y, wrap(p.x) + 0.05 * (1.0 - v * v))
        });
        pair.add(disc);
        let arm = through(
            &[
                (1.20, 0.36, -0.22),
                (1.26, 0.36, -0.50),
                (1.24, 0.34, -1.5),
                (1.18, 0.30, -2.2),
                (1.12, 0.02, -2.62),
                (1.08, -0.30, -2.80),
            ]
            .map(|(x, y, z)| Vec3::new(x * side, y, z)),
            14,
            false,
        );
        pair.add(sweep(&arm, false, &ring(Vec2::new(0.042, 0.088), 3.4, 20), Vec3::Y, acetate.clone(), |t| {
            1.08 - 0.25 * t + 0.28 * (t - 0.75).max(0.0)
        }));
        pair.add(block(Vec3::new(0.055, 0.085, 0.11), 0.04, acetate.clone()).at(side * 1.20, 0.36, -0.24));
        pair.add(block(Vec3::new(0.028, 0.022, 0.012), 0.01, gold.clone()).at(side * 1.13, 0.37, wrap(1.15) + 0.072));
    }
    let bridge =
        through(&[Vec3::new(-0.20, 0.14, 0.0), Vec3::new(0.0, 0.20, 0.02), Vec3::new(0.20, 0.14, 0.0)], 10, false);
    pair.add(sweep(&bridge, false, &ring(Vec2::new(0.07, 0.065), 2.6, 20), Vec3::Z, acetate, |_| 1.0));
    pair.turned(6.0, 0.0, 0.0).grounded()
}
