//! Watches.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::pattern::Pattern;
use crate::shape::{block, lathe, ring, rounded, stitches, sweep};

/// A dress watch on a strap, standing on a cushion.
#[must_use]
pub fn dress_watch(dial: u32, strap: u32, gold: bool) -> Model {
    let shine = if gold { Material::gold() } else { Material::silver() };
    let mut head = Model::new();
    let case = rounded(
        &[(0.0, -0.16), (0.80, -0.16), (0.90, -0.04), (0.90, 0.06), (0.80, 0.17), (0.74, 0.17), (0.72, 0.10)]
            .map(|(r, y)| Vec2::new(r, y)),
        0.04,
        7,
        false,
    );
    head.add(lathe(&case, 144, shine.clone()));
    let face = Material { roughness: 0.35, specular: 0.06, ..Material::matte(hex(dial)) }
        .with_pattern(Pattern::Dial { mark: if gold { 0x8A6A34 } else { 0x3A3A3E } });
    head.add(Mesh::surface(240, 60, face, |u, v| {
        let (sin, cos) = (u * TAU).sin_cos();
        Vec3::new(sin * v * 0.735, 0.10, -cos * v * 0.735)
    }));
    for (angle, length, thick) in [(305.0_f32, 0.36, 0.030), (52.0, 0.56, 0.022), (180.0, 0.60, 0.009)] {
        let hand = block(Vec3::new(thick, 0.010, length / 2.0 + 0.06), 0.008, shine.clone()).at(
            0.0,
            0.125,
            -length / 2.0 + 0.06,
        );
        head.add(hand.turned(0.0, -angle, 0.0));
    }
    head.add(lathe(&[(0.045, 0.10), (0.04, 0.15), (0.0, 0.155)].map(|(r, y)| Vec2::new(r, y)), 30, shine.clone()));
    head.add(
        lathe(
            &rounded(
                &[(0.0, 0.0), (0.10, 0.0), (0.10, 0.14), (0.0, 0.14)].map(|(r, y)| Vec2::new(r, y)),
                0.02,
                5,
                false,
            ),
            36,
            shine.clone(),
        )
        .turned(0.0, 0.0, -90.0)
        .at(0.90, 0.0, 0.0),
    );
    for (x, z) in [(-0.40, -0.86), (0.40, -0.86), (-0.40, 0.86), (0.40, 0.86)] {
        head.add(block(Vec3::new(0.065, 0.085, 0.17), 0.06, shine.clone()).turned(f32::signum(z) * 34.0, 0.0, 0.0).at(
            x,
            -0.11,
            z * 1.02,
        ));
    }
    let mut watch = Model::new();
    // Strap and head bend around a cushion of this radius.
    let leather = Material::leather(hex(strap));
    let seam = Material::matte(hex(strap) * 1.6 + Vec3::splat(0.10));
    let arc = |a: f32, r: f32, x: f32| Vec3::new(x, a.sin() * r, a.cos() * r * 1.06);
    for (from, to) in [(0.40 * PI, -0.62 * PI), (0.60 * PI, 1.40 * PI)] {
        let path: Vec<Vec3> = (0..=60).map(|i| arc(from + (to - from) * i as f32 / 60.0, 1.15, 0.0)).collect();
        watch.add(
            sweep(&path, false, &ring(Vec2::new(0.325, 0.052), 5.0, 28), Vec3::Y, leather.clone(), |_| 1.0)
                .at(0.0, 0.0, 0.0),
        );
        for x in [-0.29, 0.29] {
            let line: Vec<Vec3> = (0..=80).map(|i| arc(from + (to - from) * i as f32 / 80.0, 1.206, x)).collect();
            watch.add(stitches(&line, 0.075, 0.010, seam.clone()));
        }
    }
    watch.extend(head.at(0.0, 1.14, 0.0));
    let pillow = Material { roughness: 0.95, sheen: Vec3::splat(0.10), ..Material::matte(hex(0xCDBFA9)) };
    let roll = [(0.0, -0.75), (0.86, -0.75), (0.98, -0.60), (1.02, 0.0), (0.98, 0.60), (0.86, 0.75), (0.0, 0.75)]
        .map(|(r, y)| Vec2::new(r, y));
    watch.add(lathe(&rounded(&roll, 0.16, 8, false), 120, pillow).turned(0.0, 0.0, 90.0).scaled(1.0, 1.03, 1.08));
    watch.turned(34.0, 0.0, 0.0).grounded()
}
