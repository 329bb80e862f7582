//! Belts.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::Model;
use crate::shape::{block, lathe, ring, rounded, stitches, sweep, through};

/// A belt rolled on its edge, its buckle to the front.
#[must_use]
pub fn rolled(leather: u32, gold: bool, round_buckle: bool) -> Model {
    let hide = Material::leather(hex(leather));
    let seam = Material::matte(hex(leather) * 1.5 + Vec3::splat(0.10));
    let shine = if gold { Material::gold() } else { Material::silver() };
    let width = 0.19;
    let spiral = |t: f32| {
        let angle = t * PI * 2.0 * 2.45;
        let r = 0.98 - 0.23 * t - 0.05 * (1.0 - t).powi(4);
        Vec3::new(angle.cos() * r, width, angle.sin() * r)
    };
    let turn = |t: f32, y: f32, off: f32| {
        let p = spiral(t);
        let out = Vec3::new(p.x, 0.0, p.z).normalize();
        Vec3::new(p.x, y, p.z) + out * off
    };
    // The outer end leaves the roll and lies straight toward the front right.
    let mut path: Vec<Vec3> = vec![];
    for i in 0..26 {
        let k = 1.0 - i as f32 / 26.0;
        path.push(Vec3::new(0.93 + 0.02 * k, width, -1.35 * k) + Vec3::X * 0.05 * k * k);
    }
    path.extend((0..=260).map(|i| spiral(i as f32 / 260.0)));
    let strap = ring(Vec2::new(0.032, width), 8.0, 28);
    let mut belt = Model::new();
    belt.add(sweep(&path, false, &strap, Vec3::Y, hide.clone(), |_| 1.0));
    for y in [width - 0.152, width + 0.152] {
        let line: Vec<Vec3> = (0..=300).map(|i| turn(i as f32 / 300.0, y, 0.033)).collect();
        belt.add(stitches(&line, 0.075, 0.011, seam.clone()));
        let straight: Vec<Vec3> = path[..26].iter().map(|p| Vec3::new(p.x + 0.033, y, p.z)).collect();
        belt.add(stitches(&straight, 0.075, 0.011, seam.clone()));
    }
    let mut buckle = Model::new();
    let outline = if round_buckle {
        ring(Vec2::new(0.34, 0.34), 2.0, 64)
    } else {
        rounded(
            &[(-0.27, -0.30), (0.27, -0.30), (0.27, 0.30), (-0.27, 0.30)].map(|(x, y)| Vec2::new(x, y)),
            0.12,
            10,
            true,
        )
    };
    let loop_path: Vec<Vec3> = outline.iter().map(|p| p.extend(0.0)).collect();
    buckle.add(sweep(&loop_path, true, &ring(Vec2::new(0.050, 0.042), 3.0, 20), Vec3::Z, shine.clone(), |_| 1.0));
    let bar = through(&[Vec3::new(-0.25, 0.0, 0.02), Vec3::new(0.0, 0.0, 0.07), Vec3::new(0.30, 0.0, 0.06)], 10, false);
    buckle.add(sweep(&bar, false, &ring(Vec2::splat(0.034), 2.4, 16), Vec3::Y, shine.clone(), |t| 1.1 - 0.3 * t));
    // The buckle ends the straight piece: it faces the same way as the strap there.
    belt.extend(buckle.turned(0.0, 90.0, 0.0).at(1.03, width + 0.03, -1.46));
    let keeper = block(Vec3::new(0.075, width + 0.03, 0.075), 0.02, hide).at(0.965, width, -1.02);
    belt.add(keeper);
    for i in 0..2 {
        let pin = lathe(&[(0.035, 0.0), (0.03, 0.02), (0.0, 0.025)].map(|(r, y)| Vec2::new(r, y)), 24, shine.clone());
        belt.add(pin.turned(0.0, 0.0, -90.0).at(1.04, width + 0.07 - 0.14 * i as f32, -1.18));
    }
    belt.turned(0.0, -62.0, 0.0).grounded()
}
