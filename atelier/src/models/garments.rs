//! Dresses and coats, on the form.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use super::form;
use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::noise::{layered, ramp};
use crate::shape::{lathe, ring, rounded, stitches, sweep, through, tube};

/// A bias-cut slip in silk satin: thin straps, a cowl, a skirt that falls in folds.
#[must_use]
pub fn slip_dress(silk: u32) -> Model {
    let satin = Material::silk(hex(silk));
    let hem = -4.9;
    let mut look = Model::new();
    let neckline = |angle: f32| {
        let front = angle.cos().max(0.0);
        let back = (-angle.cos()).max(0.0);
        4.72 - 0.42 * front.powi(3) * (1.0 - 0.5 * (angle.sin().abs() * 2.0).min(1.0)) - 0.85 * back.powf(0.8)
    };
    let cloth = |u: f32, v: f32| {
        let angle = (u - 0.5) * TAU;
        let top = neckline(angle);
        let y = hem + (top - hem) * v;
        let body = y.max(0.95);
        let below = (0.95 - y).max(0.0);
        let fall = (below / (0.95 - hem)).powf(1.15);
        let fold =
            (angle * 7.0 + 1.1 * (y * 0.35).sin() + 2.0 * layered(Vec3::new(angle * 1.2, y * 0.18, 3.0), 2)).sin();
        let off = 0.055 + fall * 0.62 + fold * (0.02 + 0.26 * fall) * ramp(1.6, -0.6, y);
        let mut p = form::around(angle, body, off);
        p.y = y;
        // The cowl: swags between the straps.
        let near = ramp(0.85, 0.05, top - y) * angle.cos().max(0.0).powi(2);
        p.z += near * (0.13 + 0.05 * ((top - y) * 17.0).sin());
        // Soft diagonal pulls across waist and hip, as bias cloth has.
        let pull = ((y * 2.1 + angle * 2.4).sin() * 0.5 + (y * 3.7 - angle * 1.7).sin() * 0.35) * 0.022;
        let out = Vec3::new(angle.sin(), 0.0, angle.cos());
        p + out * pull * ramp(0.6, 2.2, y) * ramp(4.4, 3.6, y)
    };
    look.add(Mesh::surface(360, 380, satin.clone(), cloth));
    let rim: Vec<Vec3> = (0..200).map(|i| cloth(i as f32 / 200.0, 1.0)).collect();
    look.add(tube(&rim, true, 0.024, satin.clone()));
    for side in [-1.0, 1.0] {
        let start = cloth(0.5 + side * 0.092, 1.0);
        let back = cloth(0.5 + side * 0.40, 1.0);
        let path = through(
            &[
                start,
                form::around(side * 0.62, 5.1, 0.04),
                Vec3::new(side * 0.90, 5.62, -0.02),
                form::around(side * 2.5, 5.1, 0.04),
                back,
            ],
            12,
            false,
        );
        look.add(tube(&path, false, 0.026, satin.clone()));
    }
    look.extend(form::bust(0xDCCFBC));
    look.extend(form::stand(6.2).at(0.0, -7.0, 0.0));
    look.grounded()
}

fn button(material: &Material) -> Mesh {
    let points = [(0.0, 0.02), (0.07, 0.02), (0.10, 0.05), (0.14, 0.045), (0.15, 0.0)];
    let mut points: Vec<Vec2> = points.iter().map(|&(r, y)| Vec2::new(r, y)).collect();
    points.reverse();
    lathe(&rounded(&points, 0.02, 4, false), 32, material.clone()).turned(90.0, 0.0, 0.0)
}

/// A double-breasted trench in gabardine, belted, collar up.
#[must_use]
pub fn trench(cotton: u32) -> Model {
    let cloth = Material::cotton(hex(cotton));
    let seam = Material::matte(hex(cotton) * 0.82);
    let horn = Material { coat: 0.8, coat_roughness: 0.1, ..Material::matte(hex(0x3A2416)) };
    let mut look = Model::new();
    let hem = -4.2;
    let waist = 2.75;
    let shell = |angle: f32, y: f32, off: f32| {
        let body = y.max(0.9);
        let below = (waist - y).max(0.0) / (waist - hem);
        let fold = (angle * 6.0 + layered(Vec3::new(angle * 1.3, y * 0.2, 7.0), 2) * 3.0).sin();
        let gather = (angle * 17.0).sin() * 0.035 * (-((y - waist) / 0.45).powi(2)).exp();
        let blouse = 0.13 * (-((y - waist - 0.55) / 0.5).powi(2)).exp();
        let crease = 0.03 * (layered(Vec3::new(angle * 2.0, y * 1.3, 1.0), 3) - 0.5);
        let swing = below.powf(0.8) * 0.55 + fold * 0.17 * below.powf(1.3);
        let shoulder = 0.10 * ramp(4.2, 5.2, y);
        let mut p = form::around(angle, body.min(5.62), 0.17 + off + swing + gather + blouse + crease + shoulder);
        p.y = y;
        p
    };
    // The body closes up to the break of the lapels; above, it opens in a V.
    let open = |y: f32| 0.02 + 0.50 * ramp(3.75, 5.5, y);
    look.add(Mesh::surface(300, 320, cloth.clone(), |u, v| {
        let y = hem + (5.62 - hem) * v;
        let gap = open(y) * ramp(3.7, 3.9, y);
        shell(gap + u * (TAU - 2.0 * gap), y, 0.0)
    }));
    // The overlapping front panel and its stitched edge.
    let panel = |u: f32, v: f32| {
        let y = hem + (3.82 - hem) * v;
        shell(-0.50 + 0.97 * u, y, 0.035 + 0.03 * u)
    };
    look.add(Mesh::surface(70, 260, cloth.clone(), panel));
    let edge: Vec<Vec3> = (0..=120).map(|i| panel(1.0, i as f32 / 120.0)).collect();
    look.add(tube(&edge, false, 0.025, cloth.clone()));
    let sewn: Vec<Vec3> = (0..=160).map(|i| panel(0.93, i as f32 / 160.0) + Vec3::Z * 0.006).collect();
    look.add(stitches(&sewn, 0.10, 0.011, seam.clone()));
    // Lapels: triangular patches turned back from the break, and a standing collar.
    for side in [-1.0_f32, 1.0] {
        let lapel = move |u: f32, v: f32| {
            let y = 3.72 + v * 1.72;
            let inner = open(y) * 0.92;
            let reach = 0.80 * (v * 1.15).min(1.0).powf(0.75) * (1.0 - 0.9 * ramp(0.90, 1.0, v));
            let angle = inner + u * (0.06 + reach);
            let lift = 0.12 + 0.05 * (u * PI).sin();
            let mut p = shell(side * angle, y - 0.22 * u * v, lift);
            p.y = y - 0.22 * u * v + 0.10 * u;
            p
        };
        look.add(Mesh::surface(40, 60, cloth.clone(), lapel));
        let rim: Vec<Vec3> = (0..=60).map(|i| lapel(1.0, i as f32 / 60.0)).collect();
        look.add(tube(&rim, false, 0.022, cloth.clone()));
        let rim: Vec<Vec3> = (0..=60).map(|i| lapel(0.90, i as f32 / 60.0) + Vec3::Z * 0.02).collect();
        look.add(stitches(&rim, 0.09, 0.010, seam.clone()));
        let collar = move |u: f32, v: f32| {
            let angle = side * (0.50 + u * (PI - 0.50));
            let spread = 0.10 + v * 0.34 + 0.10 * (1.0 - u) * v;
            let base = Vec3::new(
                angle.sin() * (0.74 + spread),
                5.52 + v * 0.40 - 0.42 * (1.0 - u).powi(2),
                angle.cos() * (0.60 + spread) - 0.02,
            );
            base + Vec3::Y * (0.12 * v * (1.0 - v))
        };
        look.add(Mesh::surface(60, 30, cloth.clone(), collar));
        let rim: Vec<Vec3> = (0..=60).map(|i| collar(i as f32 / 60.0, 1.0)).collect();
        look.add(tube(&rim, false, 0.022, cloth.clone()));
        sleeve(&mut look, side, &cloth, &seam, &horn);
    }
    for (row, y) in [3.45, 2.2, 1.2, 0.2].into_iter().enumerate() {
        for side in [-1.0_f32, 1.0] {
            let p = shell(side * 0.30 - 0.02, y, 0.10 + if row == 0 { 0.02 } else { 0.0 });
            look.add(button(&horn).turned(0.0, side * 14.0, 0.0).at(p.x, p.y, p.z));
        }
    }
    belt(&mut look, &cloth, &seam, &horn, |angle, dy| shell(angle, waist + dy, 0.05 - 0.13 * 0.3));
    look.extend(form::bust(0xDCCFBC));
    look.extend(form::stand(6.2).at(0.0, -6.4, 0.0));
    look.grounded()
}

fn belt(look: &mut Model, cloth: &Material, seam: &Material, horn: &Material, at: impl Fn(f32, f32) -> Vec3) {
    look.add(Mesh::surface(200, 10, cloth.clone(), |u, v| {
        let p = at(u * TAU, (v - 0.5) * 0.46);
        let out = Vec3::new(p.x, 0.0, p.z).normalize_or(Vec3::Z);
        p + out * (0.055 - 0.05 * (2.0 * v - 1.0).powi(4))
    }));
    for dy in [-0.17, 0.17] {
        let line: Vec<Vec3> = (0..=160)
            .map(|i| {
                let p = at((i as f32 / 160.0 - 0.5) * PI, dy);
                p + Vec3::new(p.x, 0.0, p.z).normalize_or(Vec3::Z) * 0.062
            })
            .collect();
        look.add(stitches(&line, 0.10, 0.010, seam.clone()));
    }
    let front = at(0.10, 0.0);
    let outline = rounded(
        &[(-0.24, -0.33), (0.24, -0.33), (0.24, 0.33), (-0.24, 0.33)].map(|(x, y)| Vec2::new(x, y)),
        0.10,
        8,
        true,
    );
    let path: Vec<Vec3> = outline.iter().map(|p| p.extend(0.0)).collect();
    let buckle = sweep(&path, true, &ring(Vec2::new(0.06, 0.045), 3.0, 16), Vec3::Z, horn.clone(), |_| 1.0);
    look.add(buckle.at(front.x, front.y, front.z + 0.10));
    // The belt's end hangs down past the buckle.
    let tail = Mesh::surface(8, 60, cloth.clone(), |u, v| {
        let sway = 0.10 * (v * 2.4).sin();
        Vec3::new(
            front.x - 0.42 - 0.20 * v + (u - 0.5) * 0.44 * (1.0 - 0.85 * ramp(0.93, 1.0, v)) + sway,
            front.y + 0.05 - 1.75 * v,
            front.z + 0.16 + 0.10 * v + 0.02 * (v * 9.0).sin(),
        )
    });
    look.add(tail);
}

fn sleeve(look: &mut Model, side: f32, cloth: &Material, seam: &Material, horn: &Material) {
    let spine = through(
        &[
            Vec3::new(side * 1.42, 5.16, -0.04),
            Vec3::new(side * 1.86, 4.70, -0.02),
            Vec3::new(side * 2.12, 3.6, 0.02),
            Vec3::new(side * 2.26, 2.3, 0.10),
            Vec3::new(side * 2.30, 1.2, 0.26),
            Vec3::new(side * 2.26, 0.1, 0.48),
        ],
        24,
        false,
    );
    let arm = sweep(&spine, false, &ring(Vec2::new(0.62, 0.54), 2.2, 64), Vec3::Z, cloth.clone(), |t| {
        let fold = 0.035 * (t * 46.0).sin() * ramp(0.25, 0.55, t) * ramp(0.9, 0.62, t);
        0.62 + 0.32 * ramp(0.0, 0.16, t) - 0.20 * ramp(0.2, 1.0, t) + fold
    })
    .bent(|p| {
        let n = layered(p * 1.7, 3) - 0.5;
        p + Vec3::new(side * n * 0.10, 0.0, n * 0.10)
    });
    look.add(arm);
    let cuff = &spine[spine.len() - 20..spine.len() - 12];
    look.add(sweep(cuff, false, &ring(Vec2::new(0.52, 0.46), 2.2, 48), Vec3::Z, cloth.clone(), |_| 0.96));
    let p = spine[spine.len() - 16];
    look.add(button(horn).at(p.x, p.y, p.z + 0.47));
    // The shoulder strap.
    let strap = through(
        &[Vec3::new(side * 0.86, 5.74, 0.10), Vec3::new(side * 1.30, 5.52, 0.08), Vec3::new(side * 1.72, 5.16, 0.02)],
        12,
        false,
    );
    look.add(sweep(&strap, false, &ring(Vec2::new(0.20, 0.035), 5.0, 20), Vec3::Y, cloth.clone(), |_| 1.0));
    look.add(stitches(
        &strap.iter().map(|p| *p + Vec3::new(0.0, 0.04, 0.15)).collect::<Vec<_>>(),
        0.09,
        0.010,
        seam.clone(),
    ));
    look.add(button(horn).turned(-70.0, 0.0, 0.0).at(side * 0.98, 5.74, 0.12));
}
