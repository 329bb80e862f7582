//! Bags.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::pattern::Grain;
use crate::shape::{block, lathe, loft, ring, rounded, stitches, sweep, through, torus, tube};

/// A body that tapers from its base to its top.
#[derive(Debug, Clone, Copy)]
struct Body {
    base: Vec2,
    top: Vec2,
    height: f32,
    power: f32,
}

impl Body {
    fn half(&self, y: f32) -> Vec2 {
        let t = (y / self.height).clamp(0.0, 1.0);
        // Leather gives a little in the middle.
        self.base.lerp(self.top, t) + Vec2::new(0.02, 0.05) * (t * PI).sin()
    }

    /// z of the front at a place, lifted off by `off`.
    fn front(&self, x: f32, y: f32, off: f32) -> Vec3 {
        let half = self.half(y);
        let inner = (1.0 - (x / half.x).abs().min(0.999).powf(self.power)).powf(1.0 / self.power);
        Vec3::new(x, y, half.y * inner + off)
    }

    fn closed(&self, material: Material) -> Mesh {
        let h = self.height;
        let profile = [(0.0, 0.0), (1.0, 0.0), (1.0, h), (0.0, h)].map(|(s, y)| Vec2::new(s, y));
        loft(&rounded(&profile, 0.14, 10, false), |y| self.half(y), self.power, material)
    }
}

fn thread(leather: u32) -> Material {
    Material::matte(hex(leather) * 1.5 + Vec3::splat(0.10)).with_roughness(0.7)
}

/// A flap that comes over the top and down the front, its lower corners round.
fn flap(body: &Body, drop: f32, leather: &Material, edge: &Material, seam: &Material) -> Vec<Mesh> {
    let top = body.half(body.height);
    let width = |t: f32| {
        let y = body.height - t.max(0.0) * drop;
        let corner = ((t - 0.62) / 0.38).clamp(0.0, 1.0);
        (body.half(y).x - 0.035 - 0.05 * (1.0 - t.clamp(0.0, 0.4) / 0.4))
            * (1.0 - 0.30 * (1.0 - (1.0 - corner.powi(3)).max(0.0).powf(0.45)))
    };
    // t from -1 (back edge of the top) through 0 (front edge of the top) to 1 (tip).
    let place = |s: f32, t: f32, off: f32| {
        if t < 0.0 {
            let z = top.y * (1.0 + 2.0 * t);
            return Vec3::new(s * width(0.0) * 0.985, body.height + off, z);
        }
        let y = body.height - t * drop;
        let p = body.front(s * width(t) * 0.985, y, off);
        let soften = (-t * 9.0).exp();
        Vec3::new(p.x, p.y + off * soften, body.front(0.0, y, off).z.lerp_to(p.z, 0.35))
    };
    let sheet = Mesh::surface(60, 90, leather.clone(), |u, v| place(2.0 * u - 1.0, v * 1.7 - 0.7, 0.045));
    let rim: Vec<Vec3> = (0..=40)
        .map(|i| place(-1.0, -0.7 + i as f32 / 40.0 * 1.7, 0.035))
        .chain((1..40).map(|i| place(i as f32 / 20.0 - 1.0, 1.0, 0.035)))
        .chain((0..=40).rev().map(|i| place(1.0, -0.7 + i as f32 / 40.0 * 1.7, 0.035)))
        .collect();
    let sewn: Vec<Vec3> = (0..=60)
        .map(|i| place(-0.945, i as f32 / 60.0 * 0.935, 0.052))
        .chain((1..60).map(|i| place((i as f32 / 30.0 - 1.0) * 0.945, 0.935, 0.052)))
        .chain((0..=60).rev().map(|i| place(0.945, i as f32 / 60.0 * 0.935, 0.052)))
        .collect();
    vec![sheet, tube(&rim, false, 0.022, edge.clone()), stitches(&sewn, 0.075, 0.011, seam.clone())]
}

trait LerpTo {
    fn lerp_to(self, other: f32, t: f32) -> f32;
}

impl LerpTo for f32 {
    fn lerp_to(self, other: f32, t: f32) -> f32 {
        self + (other - self) * t
    }
}

fn metal(gold: bool) -> Material {
    if gold { Material::pale_gold() } else { Material::silver() }
}

/// The structured top-handle bag with a turn lock.
#[must_use]
pub fn top_handle(leather: u32, gold: bool) -> Model {
    let hide = Material::leather(hex(leather));
    let edge = Material::box_calf(hex(leather) * 0.55);
    let seam = thread(leather);
    let body = Body { base: Vec2::new(1.34, 0.58), top: Vec2::new(1.16, 0.36), height: 1.92, power: 6.0 };
    let mut bag = Model::new();
    bag.add(body.closed(hide.clone()));
    for part in flap(&body, 1.02, &hide, &edge, &seam) {
        bag.add(part);
    }
    let handle = through(
        &[(-0.62, 1.86), (-0.60, 2.12), (-0.47, 2.56), (0.0, 2.86), (0.47, 2.56), (0.60, 2.12), (0.62, 1.86)]
            .map(|(x, y)| Vec3::new(x, y, 0.02)),
        14,
        false,
    );
    bag.add(sweep(&handle, false, &ring(Vec2::new(0.085, 0.075), 2.4, 20), Vec3::Z, hide.clone(), |t| {
        0.80 + 0.28 * (t * PI).sin()
    }));
    let shine = metal(gold);
    for side in [-1.0, 1.0] {
        bag.add(torus(0.105, 0.022, shine.clone()).turned(90.0, 0.0, 0.0).at(side * 0.615, 2.03, 0.02));
        let tab = block(Vec3::new(0.085, 0.13, 0.02), 0.018, hide.clone()).at(side * 0.62, 1.97, 0.06);
        bag.add(tab);
    }
    turn_lock(&mut bag, &body, 0.90, &shine);
    for (x, z) in [(-1.0, 0.38), (1.0, 0.38), (-1.0, -0.38), (1.0, -0.38)] {
        bag.add(
            lathe(
                &[(0.0, -0.05), (0.06, -0.05), (0.08, 0.0), (0.06, 0.03)].map(|(r, y)| Vec2::new(r, y)),
                24,
                shine.clone(),
            )
            .at(x, 0.0, z),
        );
    }
    bag.grounded()
}

fn turn_lock(bag: &mut Model, body: &Body, down: f32, shine: &Material) {
    let y = body.height - down;
    let z = body.front(0.0, y, 0.05).z;
    bag.add(block(Vec3::new(0.17, 0.115, 0.022), 0.02, shine.clone()).at(0.0, y, z + 0.01));
    bag.add(
        lathe(
            &[(0.075, 0.0), (0.075, 0.05), (0.06, 0.06), (0.0, 0.06)].map(|(r, y)| Vec2::new(r, y)),
            40,
            shine.clone(),
        )
        .turned(90.0, 0.0, 0.0)
        .at(0.0, y, z + 0.02),
    );
    bag.add(block(Vec3::new(0.028, 0.085, 0.03), 0.02, shine.clone()).at(0.0, y, z + 0.10));
}

/// The open tote with two long handles.
#[must_use]
pub fn tote(leather: u32, trim: u32) -> Model {
    let hide = Material::leather(hex(leather));
    let handle = Material::box_calf(hex(trim));
    let seam = thread(trim);
    let body = Body { base: Vec2::new(1.32, 0.52), top: Vec2::new(1.62, 0.42), height: 2.30, power: 4.5 };
    let h = body.height;
    let profile = [(0.0, 0.0), (1.0, 0.0), (1.0, h), (0.965, h), (0.955, h - 0.1), (0.94, 0.12), (0.0, 0.10)]
        .map(|(s, y)| Vec2::new(s, y));
    let mut bag = Model::new();
    let sag = |p: Vec3| {
        let t = (p.y / h).clamp(0.0, 1.0).powi(2);
        let dip = 0.10 * t * (1.0 - (p.x / 1.6).powi(2)).max(0.0);
        Vec3::new(p.x, p.y - dip, p.z * (1.0 - 0.22 * t * (1.0 - (p.x / 1.7).powi(2)).max(0.0)))
    };
    bag.add(loft(&rounded(&profile, 0.09, 6, false), |y| body.half(y), body.power, hide.clone()).bent(sag));
    let rim: Vec<Vec3> = (0..120)
        .map(|i| {
            let q = crate::shape::squarish(i as f32 / 120.0 * PI * 2.0, body.half(h), body.power) * 0.985;
            sag(Vec3::new(q.x, h, q.y))
        })
        .collect();
    bag.add(tube(&rim, true, 0.030, handle.clone()));
    let line: Vec<Vec3> = (0..=80).map(|i| sag(body.front((i as f32 / 40.0 - 1.0) * 1.42, h - 0.13, 0.008))).collect();
    bag.add(stitches(&line, 0.07, 0.010, seam.clone()));
    let strap = ring(Vec2::new(0.105, 0.020), 5.0, 20);
    for (z_side, arch) in [(1.0, 1.12), (-1.0, 1.02)] {
        let foot = |x: f32, y: f32| {
            let p = sag(body.front(x, y, 0.03));
            Vec3::new(p.x, p.y, p.z * z_side)
        };
        let lean = 0.16 * z_side;
        let points = [
            foot(-0.66, h - 0.78),
            foot(-0.66, h - 0.40),
            foot(-0.66, h - 0.02),
            Vec3::new(-0.58, h + 0.55 * arch, 0.30 * z_side),
            Vec3::new(-0.30, h + 0.98 * arch, lean),
            Vec3::new(0.0, h + 1.10 * arch, lean),
            Vec3::new(0.30, h + 0.98 * arch, lean),
            Vec3::new(0.58, h + 0.55 * arch, 0.30 * z_side),
            foot(0.66, h - 0.02),
            foot(0.66, h - 0.40),
            foot(0.66, h - 0.78),
        ];
        let path = through(&points, 10, false);
        bag.add(sweep(&path, false, &strap, Vec3::Z * z_side, handle.clone(), |_| 1.0));
        for x in [-0.66, 0.66] {
            let around = [(-0.08, -0.74), (0.08, -0.74), (0.08, -0.16), (-0.08, -0.16), (-0.08, -0.74)]
                .map(|(dx, dy)| foot(x + dx, h + dy) + Vec3::Z * 0.028 * z_side);
            bag.add(stitches(&around, 0.06, 0.009, seam.clone()));
        }
    }
    bag.add(block(Vec3::new(0.20, 0.055, 0.008), 0.007, Material::pale_gold()).at(
        0.0,
        h * 0.60,
        sag(body.front(0.0, h * 0.60, 0.012)).z,
    ));
    bag.grounded()
}

/// A chain of oval links along a path.
#[must_use]
pub fn chain(path: &[Vec3], link: f32, wire: f32, material: &Material) -> Mesh {
    let mut mesh = Mesh::empty(material.clone());
    let mut left = 0.0;
    let mut count = 0;
    let step = link * 1.42;
    for pair in path.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = (b - a).length();
        let forward = (b - a) / length.max(1e-6);
        while left < length {
            let at = a + forward * left;
            let lean = if forward.y.abs() > 0.9 { Vec3::Z } else { Vec3::Y };
            let side = forward.cross(lean).normalize();
            let up = side.cross(forward);
            let (wide, flat) = if count % 2 == 0 { (side, up) } else { (up, side) };
            let oval: Vec<Vec3> = (0..18)
                .map(|i| {
                    let (sin, cos) = (i as f32 / 18.0 * PI * 2.0).sin_cos();
                    at + forward * (cos * link) + wide * (sin * link * 0.62) + flat * 0.0
                })
                .collect();
            mesh.absorb(&sweep(&oval, true, &ring(Vec2::splat(wire), 2.0, 7), flat, material.clone(), |_| 1.0));
            left += step;
            count += 1;
        }
        left -= length;
    }
    mesh
}

/// The quilted box bag on a chain, second-hand.
#[must_use]
pub fn chain_bag(leather: u32, gold: bool) -> Model {
    let hide = Material::box_calf(hex(leather)).with_grain(Grain::Quilted { scale: 3.1, depth: 0.26 });
    let smooth = Material::box_calf(hex(leather));
    let edge = Material::box_calf(hex(leather) * 0.5);
    let body = Body { base: Vec2::new(1.26, 0.40), top: Vec2::new(1.24, 0.34), height: 1.50, power: 7.0 };
    let shine = metal(gold);
    let mut bag = Model::new();
    bag.add(body.closed(hide.clone()));
    let mut parts = flap(&body, 0.86, &hide, &edge, &thread(leather));
    parts.pop();
    for part in parts {
        bag.add(part);
    }
    turn_lock(&mut bag, &body, 0.78, &shine);
    let path = through(
        &[
            Vec3::new(-1.17, 1.40, 0.0),
            Vec3::new(-1.10, 1.80, 0.0),
            Vec3::new(-0.75, 2.45, -0.08),
            Vec3::new(0.0, 2.78, -0.14),
            Vec3::new(0.75, 2.45, -0.08),
            Vec3::new(1.10, 1.80, 0.0),
            Vec3::new(1.17, 1.40, 0.0),
        ],
        16,
        false,
    );
    bag.add(chain(&path, 0.105, 0.027, &shine));
    for x in [-1.17, 1.17] {
        bag.add(torus(0.09, 0.022, shine.clone()).turned(90.0, 0.0, 0.0).at(x, 1.46, 0.0));
    }
    bag.add(block(Vec3::new(1.02, 0.03, 0.26), 0.02, smooth).at(0.0, 0.0, 0.0));
    bag.grounded()
}

/// The evening box: satin over a hard shell, a jewelled clasp.
#[must_use]
pub fn minaudiere(satin: u32) -> Model {
    let cloth = Material::silk(hex(satin)).with_grain(Grain::Lines { count: 90.0, depth: 0.9 });
    let shine = Material::pale_gold();
    let mut bag = Model::new();
    let half = Vec3::new(1.15, 0.62, 0.27);
    // Pleats run from side to side over a cushion.
    let shell = Mesh::surface(200, 60, cloth, |u, v| {
        let (a, b) = ((u - 0.5) * PI, v * PI * 2.0);
        let e = |x: f32, k: f32| x.signum() * x.abs().powf(k);
        let pleat = 1.0 + 0.012 * (u * 190.0).sin();
        Vec3::new(
            half.x * e(a.sin(), 0.42),
            half.y * e(a.cos(), 0.30) * e(b.cos(), 0.45) * pleat,
            half.z * e(a.cos(), 0.30) * e(b.sin(), 0.60) * pleat,
        )
    });
    bag.add(shell.at(0.0, half.y, 0.0));
    let frame: Vec<Vec3> = (0..140)
        .map(|i| {
            let q = crate::shape::squarish(i as f32 / 140.0 * PI * 2.0, Vec2::new(1.185, 0.645), 6.5);
            Vec3::new(q.x, q.y + half.y, 0.0)
        })
        .collect();
    bag.add(sweep(&frame, true, &ring(Vec2::new(0.035, 0.075), 4.0, 20), Vec3::Z, shine.clone(), |_| 1.0));
    for (x, size) in [(-0.085, 0.10), (0.085, 0.10)] {
        bag.add(crate::shape::ball(size, Material::pearl()).at(x, half.y * 2.0 + 0.13, x * 0.4));
        bag.add(lathe(&[(0.045, 0.0), (0.06, 0.06)].map(|(r, y)| Vec2::new(r, y)), 24, shine.clone()).at(
            x,
            half.y * 2.0,
            x * 0.4,
        ));
    }
    bag.grounded()
}
