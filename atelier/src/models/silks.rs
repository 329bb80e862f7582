//! Silk squares.

use std::f32::consts::PI;

use glam::Vec3;

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::noise;
use crate::pattern::Pattern;
use crate::shape::tube;

/// A silk square laid out with a few soft waves and one corner lifted over, so that hem and both faces show.
#[must_use]
pub fn carre(ground: u32, border: u32, motif: u32, accent: u32) -> Model {
    let print = Material::silk(hex(ground)).with_pattern(Pattern::Carre { ground, border, motif, accent });
    let place = |u: f32, v: f32| {
        let (x, z) = ((u - 0.5) * 4.0, (v - 0.5) * 4.0);
        let diagonal = (x + z) * 0.7;
        let across = (x - z) * 0.7;
        let wave = 0.11 * (across * 2.3 + 0.5 * (diagonal * 0.9).sin()).sin()
            + 0.06 * (diagonal * 3.1 + across).sin()
            + 0.05 * noise::layered(Vec3::new(x * 1.3, 0.0, z * 1.3), 2);
        let mut p = Vec3::new(x - 0.10 * (across * 2.3).cos() * 0.6, 0.16 + wave, z);
        // Fold the near right corner back along a rounded crease.
        let past = diagonal - 1.55;
        if past > 0.0 {
            let radius = 0.15;
            let dir = Vec3::new(0.707, 0.0, 0.707);
            let bend = (past / radius).min(PI);
            let rest = (past - PI * radius).max(0.0);
            let flat = p - dir * past;
            p = flat + dir * (radius * bend.sin() - rest) + Vec3::Y * (radius * (1.0 - bend.cos()) + rest * 0.05);
        }
        p
    };
    let mut silk = Model::new();
    silk.add(Mesh::surface(420, 420, print, place));
    let hem = Material::silk(hex(motif));
    let mut edge = vec![];
    for i in 0..200 {
        edge.push(place(i as f32 / 200.0, 0.0));
    }
    for i in 0..200 {
        edge.push(place(1.0, i as f32 / 200.0));
    }
    for i in 0..200 {
        edge.push(place(1.0 - i as f32 / 200.0, 1.0));
    }
    for i in 0..200 {
        edge.push(place(0.0, 1.0 - i as f32 / 200.0));
    }
    silk.add(tube(&edge, true, 0.022, hem));
    silk.turned(0.0, 28.0, 0.0).grounded()
}
