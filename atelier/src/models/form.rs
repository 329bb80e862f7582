//! The dressmaker's form and the milliner's head that goods are shown on.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::pattern::{Grain, Pattern};
use crate::shape::{lathe, rounded};

/// Half width, half depth and how far forward, by height above the hem of the form (decimetres, size 36).
const TORSO: [(f32, f32, f32, f32); 12] = [
    (0.0, 1.62, 1.10, -0.02),
    (0.9, 1.78, 1.20, -0.05),
    (1.6, 1.70, 1.12, -0.02),
    (2.4, 1.34, 0.92, 0.02),
    (2.9, 1.22, 0.86, 0.03),
    (3.5, 1.34, 0.96, 0.08),
    (4.1, 1.50, 1.14, 0.16),
    (4.6, 1.54, 1.04, 0.10),
    (5.1, 1.66, 0.82, 0.00),
    (5.45, 1.40, 0.66, -0.06),
    (5.65, 0.72, 0.52, -0.06),
    (5.9, 0.52, 0.50, 0.0),
];

/// The cut of the form at a height: half width, half depth, forward.
#[must_use]
pub fn torso(y: f32) -> Vec3 {
    let last = TORSO.len() - 1;
    let i = TORSO.partition_point(|row| row.0 <= y).clamp(1, last);
    let row = |k: isize| {
        let r = TORSO[k.clamp(0, last as isize) as usize];
        (r.0, Vec3::new(r.1, r.2, r.3))
    };
    let k = i as isize;
    let (a, b, c, d) = (row(k - 2), row(k - 1), row(k), row(k + 1));
    let t = ((y - b.0) / (c.0 - b.0)).clamp(0.0, 1.0);
    let slope =
        |p: (f32, Vec3), q: (f32, Vec3)| if q.0 > p.0 { (q.1 - p.1) / (q.0 - p.0) * (c.0 - b.0) } else { Vec3::ZERO };
    let (m0, m1) = (slope(a, c), slope(b, d));
    let (t2, t3) = (t * t, t * t * t);
    b.1 * (2.0 * t3 - 3.0 * t2 + 1.0) + m0 * (t3 - 2.0 * t2 + t) + c.1 * (3.0 * t2 - 2.0 * t3) + m1 * (t3 - t2)
}

/// A point around the form, `off` away from it; the angle runs from the front (0) to the left (quarter turn).
#[must_use]
pub fn around(angle: f32, y: f32, off: f32) -> Vec3 {
    let cut = torso(y);
    let (sin, cos) = angle.sin_cos();
    // Two soft breasts, a flatter back.
    let bust = 0.16
        * (-((y - 4.12) / 0.36).powi(2)).exp()
        * (-((sin.abs() - 0.50) / 0.24).powi(2)).exp()
        * f32::from(cos > 0.0);
    let depth = if cos < 0.0 { cut.y * 0.86 } else { cut.y };
    Vec3::new(sin * (cut.x + off), y, cos * (depth + off + bust) + cut.z)
}

/// A linen form with a turned cap, on a brass stem and a walnut foot.
#[must_use]
pub fn bust(linen: u32) -> Model {
    let mut form = Model::new();
    let cloth = Material::cotton(hex(linen)).with_grain(Grain::Fuzz { scale: 22.0, depth: 0.25 });
    form.add(Mesh::surface(120, 140, cloth, |u, v| around(u * TAU, v * 5.9, 0.0)));
    form.add(neck_cap().at(0.0, 5.88, 0.0));
    form
}

fn neck_cap() -> Mesh {
    let wood = Material { coat: 0.6, coat_roughness: 0.2, ..Material::matte(hex(0x6E452A)) }
        .with_pattern(Pattern::Wood { dark: 0x3A2012 });
    let points =
        [(0.0, 0.0), (0.54, 0.0), (0.56, 0.07), (0.30, 0.14), (0.12, 0.28), (0.17, 0.42), (0.10, 0.56), (0.0, 0.58)];
    lathe(&rounded(&points.map(|(r, y)| Vec2::new(r, y)), 0.06, 6, false), 72, wood)
}

/// Stem and foot under a hem at `height`.
#[must_use]
pub fn stand(height: f32) -> Model {
    let mut stand = Model::new();
    let wood = Material { coat: 0.6, coat_roughness: 0.2, ..Material::matte(hex(0x6E452A)) }
        .with_pattern(Pattern::Wood { dark: 0x3A2012 });
    let foot = [(0.0, 0.0), (1.25, 0.0), (1.28, 0.10), (1.15, 0.20), (0.35, 0.30), (0.16, 0.50), (0.0, 0.52)];
    stand.add(lathe(&rounded(&foot.map(|(r, y)| Vec2::new(r, y)), 0.08, 6, false), 96, wood));
    let stem = [(0.075, 0.4), (0.075, height + 1.5)];
    stand.add(lathe(&stem.map(|(r, y)| Vec2::new(r, y)), 32, Material::gold().with_roughness(0.25)));
    stand
}

/// Surface of the head at a direction: x to its left, y up, z to the front. The crown is at about y = 1.25.
#[must_use]
pub fn skull(direction: Vec3) -> Vec3 {
    let d = direction.normalize_or(Vec3::Y);
    let mut p = d * Vec3::new(0.80, 1.22, 0.98);
    // A jaw that narrows, a chin, cheekbones, brow and nose: a milliner's abstraction of a face.
    let low = crate::noise::ramp(0.15, -1.0, d.y);
    p.x *= 1.0 - 0.34 * low;
    p.z *= 1.0 - 0.10 * low;
    p.z += 0.16 * low * crate::noise::ramp(0.2, 0.9, d.z);
    let face = crate::noise::ramp(0.35, 0.85, d.z);
    let nose =
        (-(d.x / 0.11).powi(2)).exp() * crate::noise::ramp(0.22, -0.16, d.y) * crate::noise::ramp(-0.36, -0.20, d.y);
    p.z += face * 0.20 * nose;
    let socket = (-((d.x.abs() - 0.33) / 0.17).powi(2)).exp() * (-((d.y - 0.07) / 0.11).powi(2)).exp();
    p.z -= face * 0.085 * socket;
    let cheek = (-((d.x.abs() - 0.48) / 0.20).powi(2)).exp() * (-((d.y + 0.20) / 0.16).powi(2)).exp();
    p += d * 0.035 * cheek;
    let lip = (-(d.x / 0.20).powi(2)).exp()
        * ((-((d.y + 0.47) / 0.05).powi(2)).exp() + (-((d.y + 0.58) / 0.055).powi(2)).exp());
    p.z += face * 0.060 * lip;
    let chin = (-(d.x / 0.22).powi(2)).exp() * (-((d.y + 0.80) / 0.12).powi(2)).exp();
    p.z += 0.07 * chin;
    p
}

/// A smooth head with a long neck.
#[must_use]
pub fn head(skin: u32) -> Model {
    let plaster = Material { roughness: 0.55, specular: 0.04, sheen: hex(skin) * 0.12, ..Material::matte(hex(skin)) };
    let mut head = Model::new();
    head.add(Mesh::surface(180, 180, plaster.clone(), |u, v| {
        let (a, b) = (u * TAU, (v - 0.5) * std::f32::consts::PI);
        skull(Vec3::new(a.sin() * b.cos(), b.sin(), a.cos() * b.cos()))
    }));
    head.add(Mesh::surface(96, 60, plaster.clone(), |u, v| {
        let (sin, cos) = (u * TAU).sin_cos();
        let flare = 0.36 + 0.10 * (1.0 - v).powi(2) + 0.75 * (1.0 - v).powi(7);
        let depth = 0.38 + 0.10 * (1.0 - v).powi(2) + 0.30 * (1.0 - v).powi(7);
        Vec3::new(sin * flare, -2.25 + v * 1.75, cos * depth - 0.18 + 0.08 * v)
    }));
    head
}
