//! Shoes. A foot lies along +z: heel at 0, toe at 2.5 (size 37).

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::noise::ramp;
use crate::shape::{ring, sweep, through};

const LENGTH: f32 = 2.5;

fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// Half width of the sole by the share of its length; `toe` 0 round … 1 pointed.
fn breadth(t: f32, toe: f32) -> f32 {
    let heel = (1.0 - (1.0 - (t / 0.10).min(1.0)).powi(2)).max(0.0).sqrt();
    let waist = mix(0.30, 0.44, ramp(0.18, 0.68, t)) - 0.04 * (-((t - 0.38) / 0.14).powi(2)).exp();
    let front = ((1.0 - t) / mix(0.24, 0.42, toe)).clamp(0.0, 1.0);
    let tip = mix((1.0 - (1.0 - front).powi(2)).max(0.0).sqrt(), front.powf(0.72) * (1.0 - 0.12 * front) / 0.88, toe);
    heel * waist * tip.min(1.0)
}

/// The foot leans inward a little from heel to toe.
fn lean(t: f32, side: f32) -> f32 {
    side * 0.10 * ramp(0.3, 1.0, t)
}

fn court_shoe(upper: &Material, lining: &Material, heel_height: f32, side: f32) -> Model {
    let sole = |t: f32| {
        let arch = ramp(0.66, 0.12, t);
        0.07 + heel_height * arch.powf(1.15) + 0.07 * ramp(0.80, 1.0, t)
    };
    // The whole foot's height, and how much of it the upper covers: a low wall, then all of the toes.
    let foot = |t: f32| mix(0.78, 0.50, ramp(0.0, 0.62, t)) * (1.0 - 0.74 * ramp(0.60, 1.0, t));
    let cover = |t: f32| {
        let wall = mix(0.62, 0.40, ramp(0.0, 0.34, t));
        mix(wall, 1.0, ramp(0.595, 0.665, t).powf(0.6))
    };
    let reach = |t: f32| (1.0 - 2.0 * cover(t).powf(1.25)).clamp(-1.0, 1.0).acos();
    let section = move |t: f32, angle: f32, off: f32| {
        let w = breadth(t, 1.0) + off;
        let (sin, cos) = angle.sin_cos();
        let x = sin.signum() * sin.abs().powf(0.62) * w;
        let up = ((1.0 - cos) / 2.0).powf(0.8);
        Vec3::new(x + lean(t, side), sole(t) + (foot(t) + off) * up, t * LENGTH)
    };
    let mut shoe = Model::new();
    let skin = move |u: f32, v: f32| {
        let t = v.clamp(0.0, 1.0);
        let t = t * t * (3.0 - 2.0 * t) * 0.35 + t * 0.65;
        section(t, (u * 2.0 - 1.0) * reach(t), 0.0)
    };
    shoe.add(Mesh::surface(120, 240, upper.clone(), skin));
    shoe.add(Mesh::surface(80, 200, lining.clone(), move |u, v| {
        let t = 0.012 + v * 0.80;
        section(t, (u * 2.0 - 1.0) * reach(t) * 0.995, -0.020)
    }));
    let edge = Material::box_calf(hex(0x2A1A12));
    shoe.add(Mesh::surface(60, 160, edge, move |u, v| {
        let t = v.clamp(0.0, 1.0);
        let a = u * TAU;
        let w = breadth(t, 1.0) * 0.93;
        Vec3::new(a.sin() * w + lean(t, side), sole(t) - 0.005 + a.cos() * 0.04, 0.03 + t * LENGTH * 0.98)
    }));
    let stiletto = through(
        &[
            Vec3::new(0.0, sole(0.08) + 0.04, 0.25),
            Vec3::new(0.0, heel_height * 0.72, 0.20),
            Vec3::new(0.0, heel_height * 0.35, 0.16),
            Vec3::new(0.0, 0.0, 0.15),
        ],
        14,
        false,
    );
    shoe.add(sweep(&stiletto, false, &ring(Vec2::new(0.25, 0.245), 2.3, 40), Vec3::Z, upper.clone(), |t| {
        0.18 + 0.80 * (1.0 - t).powf(2.4)
    }));
    shoe
}

/// A pair of pointed courts.
#[must_use]
pub fn pumps(leather: u32, patent: bool) -> Model {
    let upper = if patent { Material::patent(hex(leather)) } else { Material::suede(hex(leather)) };
    let lining = Material::box_calf(hex(0xD9B48F));
    let mut pair = Model::new();
    pair.extend(court_shoe(&upper, &lining, 0.84, -1.0).turned(0.0, 62.0, 0.0).at(-0.55, 0.0, -0.35));
    pair.extend(court_shoe(&upper, &lining, 0.84, 1.0).turned(0.0, 84.0, 0.0).at(-0.80, 0.0, 0.75));
    pair.grounded()
}
