//! Smooth noise: leather grain, tortoiseshell, the fall of cloth.

use glam::{IVec3, Vec3};

fn hash(cell: IVec3) -> f32 {
    #[expect(clippy::cast_sign_loss, reason = "a hash takes the bits as they are")]
    let mut h = (cell.x as u32).wrapping_mul(0x8DA6_B343)
        ^ (cell.y as u32).wrapping_mul(0xD816_3841)
        ^ (cell.z as u32).wrapping_mul(0xCB1A_B31F);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297A_2D39);
    h ^= h >> 15;
    (h >> 8) as f32 / 16_777_216.0
}

/// Value noise in `0.0..1.0`, one feature per unit.
#[must_use]
pub fn value(p: Vec3) -> f32 {
    let base = p.floor();
    let cell = base.as_ivec3();
    let f = p - base;
    let s = f * f * (Vec3::splat(3.0) - 2.0 * f);
    let at = |x, y, z| hash(cell + IVec3::new(x, y, z));
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let plane = |z| {
        let near = mix(at(0, 0, z), at(1, 0, z), s.x);
        let far = mix(at(0, 1, z), at(1, 1, z), s.x);
        mix(near, far, s.y)
    };
    mix(plane(0), plane(1), s.z)
}

/// Several octaves of [`value`], in `0.0..1.0`.
#[must_use]
pub fn layered(p: Vec3, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut scale, mut total) = (0.0, 1.0, 1.0, 0.0);
    for _ in 0..octaves {
        sum += weight * value(p * scale);
        total += weight;
        weight *= 0.5;
        scale *= 2.03;
    }
    sum / total
}

/// Distances to the nearest and second nearest of one point per cell: their difference draws the creases of leather.
#[must_use]
pub fn cells(p: Vec3) -> (f32, f32) {
    let base = p.floor().as_ivec3();
    let (mut first, mut second) = (9.0_f32, 9.0_f32);
    for x in -1..=1 {
        for y in -1..=1 {
            for z in -1..=1 {
                let cell = base + IVec3::new(x, y, z);
                let jitter =
                    Vec3::new(hash(cell), hash(cell + IVec3::new(71, 13, 5)), hash(cell + IVec3::new(3, 97, 41)));
                let d = (cell.as_vec3() + jitter - p).length();
                if d < first {
                    second = first;
                    first = d;
                } else if d < second {
                    second = d;
                }
            }
        }
    }
    (first, second)
}

/// Smooth step from 0 at `low` to 1 at `high`.
#[must_use]
pub fn ramp(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
