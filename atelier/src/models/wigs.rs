//! Wigs on the milliner's head: thousands of strands that follow a few guide shapes.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use super::form;
use crate::chance::Chance;
use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::noise::{ramp, value};
use crate::shape::{ring, sweep};

/// How the hair is cut and dressed.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub colour: u32,
    /// Height of the ends, from the middle of the head down (negative).
    pub ends: f32,
    /// How wide a wave swings, and how many there are over the length.
    pub wave: f32,
    pub waves: f32,
    /// Turns of each lock about itself: ringlets.
    pub curl: f32,
    /// Fringe down to this height in front, if any.
    pub fringe: Option<f32>,
    /// How far hair stands off from the head.
    pub volume: f32,
    /// Where the parting lies, to the left (+) of the middle.
    pub parting: f32,
    /// How far ends turn inward.
    pub tuck: f32,
}

/// One strand from its root: over the skull, then down by its weight.
fn strand(cut: &Cut, chance: &mut Chance, turn: f32, depth: f32) -> Vec<Vec3> {
    let steps = 30;
    let phase = value(Vec3::new(turn * 2.2, depth * 2.0, 4.0)) * TAU + chance.between(-0.35, 0.35);
    let loose = chance.between(-1.0, 1.0);
    let layer = cut.volume * (0.20 + 0.80 * depth) * chance.between(0.9, 1.06);
    // The angle around the head: 0 is the front. Hair of the front leaves the face open unless there is a fringe.
    let (sin, cos) = turn.sin_cos();
    let in_front = cos > 0.52;
    let ends = match cut.fringe {
        Some(height) if in_front => height + chance.between(-0.02, 0.02),
        _ => cut.ends + chance.between(-0.06, 0.08) + 0.10 * (1.0 - depth),
    };
    let sweep_aside = in_front && cut.fringe.is_none();
    let mut points = Vec::with_capacity(steps + 1);
    let root = Vec3::new(cut.parting * 0.6, 1.0, 0.30 * cos.max(-0.4));
    for i in 0..=steps {
        let t = i as f32 / steps as f32;
        // Over the crown until the hair hangs free at the level of the temples.
        let over = (t / 0.40).min(1.0);
        let side = if sweep_aside {
            // Front hair goes to its side of the parting and frames the face.
            let s = if sin >= 0.0 { 1.0 } else { -1.0 };
            s * mix(sin.abs(), 0.93, over.powf(0.6)).max(0.2)
        } else {
            sin
        };
        let front = if sweep_aside { mix(cos, 0.40 - 0.10 * depth, over.powf(0.7)) } else { cos };
        let outward = Vec3::new(side, 0.0, front).normalize_or(Vec3::Z);
        let angle = over * 0.5 * PI * 0.94;
        let direction = (root.normalize() * angle.cos() + outward * angle.sin() * Vec3::new(1.0, 1.0, 1.0)).normalize();
        let mut p = form::skull(direction) + direction * (0.05 + layer * (0.35 + 0.65 * over));
        if t > 0.40 {
            let down = (t - 0.40) / 0.60;
            let hang = p;
            let y = mix(hang.y, ends.min(hang.y - 0.02), down);
            let body = 1.0 + 0.06 * (down * PI).sin() * cut.volume * 3.0 - cut.tuck * ramp(0.55, 1.0, down);
            p = Vec3::new(hang.x * body, y, hang.z * body);
            // Long hair falls behind and before the shoulders, closer to the neck.
            let below = ramp(-0.9, -2.2, y);
            p.x *= 1.0 - 0.10 * below;
            let grown = ramp(0.05, 0.5, down);
            let swing = (phase + down * cut.waves * TAU).sin() * cut.wave * grown;
            let swing2 = (phase * 1.3 + down * cut.waves * TAU).cos() * cut.wave * 0.7 * grown;
            p += outward * swing + outward.cross(Vec3::Y) * swing2;
            p += Vec3::new(loose * 0.03 * grown, 0.0, loose * 0.02 * grown);
            if cut.curl > 0.0 {
                let a = phase * 3.0 + (down + 0.4) * cut.curl * TAU;
                let r = 0.15 * grown * (0.8 + 0.2 * loose);
                p += (outward * a.cos() + outward.cross(Vec3::Y) * a.sin()) * r;
            }
        } else if cut.curl > 0.0 {
            let a = phase * 3.0 + t * cut.curl * TAU;
            let r = 0.10 * over;
            p += direction * (r * a.sin()) + outward.cross(Vec3::Y) * (r * a.cos());
        }
        points.push(p);
    }
    points
}

fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// The hair alone.
#[must_use]
pub fn hair(cut: Cut) -> Model {
    let mut chance = Chance::new(u64::from(cut.colour) ^ 0xA11CE);
    let mut model = Model::new();
    // A cap below, so that no scalp shows; then locks in several tones.
    let tones: Vec<Material> =
        [0.62, 0.80, 1.0, 1.18, 1.42].iter().map(|k| Material::hair(hex(cut.colour) * *k)).collect();
    model.add(Mesh::surface(90, 60, tones[0].clone(), |u, v| {
        let (a, b) = (u * TAU, mix(0.30, 1.0, v) * PI / 2.0);
        let open = if cut.fringe.is_some() { 0.55 } else { 1.22 };
        let hairline = mix(-0.55, open, ramp(0.05, 0.62, a.cos()));
        let b = b.max(hairline);
        let d = Vec3::new(a.sin() * b.cos(), b.sin(), a.cos() * b.cos());
        form::skull(d) * 1.025
    }));
    let mut locks: Vec<Mesh> = tones.iter().map(|tone| Mesh::empty(tone.clone())).collect();
    let section = ring(Vec2::new(0.0115, 0.0095), 2.0, 5);
    let fine = ring(Vec2::splat(0.0055), 2.0, 4);
    let count = 5200;
    for i in 0..count {
        let turn = (i as f32 * 0.618_034).fract() * TAU + chance.between(-0.02, 0.02);
        let turn = if turn > PI { turn - TAU } else { turn };
        let depth = chance.unit();
        let path = strand(&cut, &mut chance, turn, depth);
        let clump = value(Vec3::new(turn * 9.0, depth * 3.0, 1.0)) * 0.6 + chance.unit() * 0.4;
        #[expect(clippy::cast_sign_loss, reason = "a share of a small count")]
        let tone = ((clump * 5.0) as usize).min(4);
        let shape = if i % 6 == 0 { &fine } else { &section };
        let grown = sweep(&path, false, shape, Vec3::Y, locks[tone].material.clone(), |t| {
            0.8 + 0.5 * (t * PI).sin() - 0.75 * ramp(0.90, 1.0, t)
        });
        locks[tone].absorb(&grown);
    }
    for lock in locks {
        model.add(lock);
    }
    model
}

/// A wig, shown on a head.
#[must_use]
pub fn wig(cut: Cut, skin: u32) -> Model {
    let mut look = form::head(skin);
    look.extend(hair(cut));
    look.grounded()
}

/// Chin-length, glossy, ends turned in.
#[must_use]
pub fn bob(colour: u32, fringe: bool) -> Cut {
    Cut {
        colour,
        ends: -0.98,
        wave: 0.012,
        waves: 0.6,
        curl: 0.0,
        fringe: fringe.then_some(0.16),
        volume: 0.17,
        parting: if fringe { 0.0 } else { 0.4 },
        tuck: 0.16,
    }
}

/// Past the shoulders in large waves.
#[must_use]
pub fn long_wave(colour: u32) -> Cut {
    Cut {
        colour,
        ends: -2.35,
        wave: 0.10,
        waves: 2.2,
        curl: 0.0,
        fringe: None,
        volume: 0.20,
        parting: 0.35,
        tuck: 0.02,
    }
}

/// Ringlets around the face.
#[must_use]
pub fn curls(colour: u32) -> Cut {
    Cut {
        colour,
        ends: -1.30,
        wave: 0.05,
        waves: 1.6,
        curl: 6.5,
        fringe: None,
        volume: 0.44,
        parting: 0.15,
        tuck: -0.06,
    }
}

/// Long and straight with a full fringe.
#[must_use]
pub fn straight(colour: u32) -> Cut {
    Cut {
        colour,
        ends: -2.3,
        wave: 0.015,
        waves: 0.7,
        curl: 0.0,
        fringe: Some(0.20),
        volume: 0.15,
        parting: 0.0,
        tuck: 0.03,
    }
}
