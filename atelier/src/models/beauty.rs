//! Lipstick, polish, perfume, creams.

use std::f32::consts::PI;

use glam::{Vec2, Vec3};

use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::pattern::Grain;
use crate::shape::{ball, block, lathe, loft, plate, ring, rounded, sweep, torus};

fn profile(points: &[(f32, f32)], radius: f32) -> Vec<Vec2> {
    rounded(&points.iter().map(|&(r, y)| Vec2::new(r, y)).collect::<Vec<_>>(), radius, 7, false)
}

fn ribbed(points: &[(f32, f32)], radius: f32, ribs: f32, deep: f32, material: Material) -> Mesh {
    lathe(&profile(points, radius), 288, material).bent(move |p| {
        let angle = p.z.atan2(p.x);
        let dent = 1.0 - deep * (0.5 + 0.5 * (angle * ribs).cos()).powf(3.0);
        Vec3::new(p.x * dent, p.y, p.z * dent)
    })
}

/// An open lipstick with its cap beside it.
#[must_use]
pub fn lipstick(shade: u32, case: u32) -> Model {
    let shell = Material::lacquer(hex(case));
    let gold = Material::pale_gold();
    let mut open = Model::new();
    open.add(ribbed(&[(0.0, 0.0), (0.30, 0.0), (0.30, 0.86), (0.25, 0.86)], 0.02, 36.0, 0.035, shell.clone()));
    open.add(lathe(&profile(&[(0.27, 0.86), (0.285, 0.87), (0.285, 0.94), (0.235, 0.94)], 0.012), 96, gold.clone()));
    open.add(lathe(&profile(&[(0.235, 0.90), (0.235, 1.36), (0.20, 1.36), (0.20, 1.20)], 0.012), 96, gold.clone()));
    // The bullet: a cylinder under a slanting, slightly hollow cut.
    let wax = Material { roughness: 0.34, coat: 0.35, coat_roughness: 0.28, ..Material::matte(hex(shade)) };
    let bullet = Mesh::surface(96, 80, wax, |u, v| {
        let angle = u * PI * 2.0;
        let r = 0.192;
        let wall = (v / 0.62).clamp(0.0, 1.0);
        let inward = ((v - 0.62) / 0.38).clamp(0.0, 1.0);
        let soft = 1.0 - 0.04 * crate::noise::ramp(0.85, 1.0, wall);
        let q = Vec2::new(angle.cos(), angle.sin()) * r * soft * (1.0 - inward);
        let across = q.y / r;
        let top = 2.06 + 0.30 * across - 0.06 * across * across - 0.05 * (inward * PI).sin().max(0.0);
        let round = 0.03 * (1.0 - (1.0 - inward * 6.0).max(0.0).powi(2)) * f32::from(inward > 0.0);
        Vec3::new(q.x, 1.2 + (top - 0.03 - 1.2) * wall + round, q.y)
    });
    open.add(bullet.turned(0.0, 60.0, 0.0));
    let mut cap = Model::new();
    cap.add(ribbed(&[(0.255, 0.0), (0.31, 0.0), (0.31, 1.18), (0.0, 1.18)], 0.03, 36.0, 0.035, shell));
    cap.add(lathe(&profile(&[(0.0, 1.181), (0.20, 1.181), (0.20, 1.19), (0.0, 1.192)], 0.004), 64, gold));
    let cap = cap.turned(90.0, 0.0, 0.0).turned(0.0, 58.0, 0.0);
    let mut set = Model::new();
    set.extend(open.at(-0.28, 0.0, -0.05));
    set.extend(cap.grounded().at(0.62, 0.0, 0.42));
    set
}

/// A flacon of heavy glass, its scent, and a stopper.
#[must_use]
pub fn perfume(tint: Vec3, cap: u32, tall: bool) -> Model {
    let mut bottle = Model::new();
    let (half, h) = if tall { (Vec2::new(0.62, 0.36), 1.95) } else { (Vec2::new(0.86, 0.40), 1.50) };
    let outer =
        rounded(&[(0.0, 0.0), (1.0, 0.0), (1.0, h), (0.28, h), (0.0, h)].map(|(s, y)| Vec2::new(s, y)), 0.11, 9, false);
    bottle.add(outward(loft(&outer, |_| half, 7.0, Material::glass(Vec3::new(0.10, 0.05, 0.08)))));
    let inner = rounded(
        &[(0.0, 0.20), (1.0, 0.20), (1.0, h - 0.30), (0.0, h - 0.30)].map(|(s, y)| Vec2::new(s, y)),
        0.12,
        8,
        false,
    );
    let mut scent = Material::glass(tint);
    scent.specular = 0.0;
    bottle.add(outward(loft(&inner, |_| half - Vec2::splat(0.11), 6.0, scent)));
    let gold = Material::pale_gold();
    bottle.add(lathe(
        &profile(
            &[
                (0.0, h - 0.005),
                (0.26, h - 0.005),
                (0.26, h + 0.10),
                (0.22, h + 0.10),
                (0.22, h + 0.17),
                (0.0, h + 0.17),
            ],
            0.02,
        ),
        80,
        gold.clone(),
    ));
    let lacquer = Material::lacquer(hex(cap));
    if tall {
        bottle.add(ball(0.36, lacquer).at(0.0, h + 0.46, 0.0));
    } else {
        bottle.add(block(Vec3::new(0.30, 0.27, 0.26), 0.06, lacquer).at(0.0, h + 0.43, 0.0));
    }
    // The label: cream paper in a gold frame.
    let (w, l) = if tall { (0.34, 0.46) } else { (0.46, 0.30) };
    let y = h * 0.46;
    let corner =
        |w: f32, l: f32| rounded(&[(-w, -l), (w, -l), (w, l), (-w, l)].map(|(x, y)| Vec2::new(x, y)), 0.03, 6, true);
    bottle.add(plate(&corner(w, l), 0.012, 0.004, gold.clone()).at(0.0, y, half.y + 0.008));
    bottle.add(plate(&corner(w - 0.025, l - 0.025), 0.012, 0.004, Material::matte(hex(0xF3ECDD))).at(
        0.0,
        y,
        half.y + 0.012,
    ));
    bottle.extend(super::mark::monogram(0.24, &gold).at(0.0, y + l * 0.12, half.y + 0.022));
    for (dy, w) in [(-0.45, 0.5), (-0.62, 0.3)] {
        bottle.add(block(Vec3::new(0.46 * w, 0.010, 0.004), 0.003, gold.clone()).at(0.0, y + l * dy, half.y + 0.020));
    }
    bottle.grounded()
}

/// The loft's own normals look inward; glass must know its outside.
fn outward(mut mesh: Mesh) -> Mesh {
    let centre: Vec3 = mesh.positions.iter().sum::<Vec3>() / mesh.positions.len() as f32;
    let outside: f32 = mesh.positions.iter().zip(&mesh.normals).map(|(p, n)| (*p - centre).dot(*n)).sum();
    if outside < 0.0 {
        for n in &mut mesh.normals {
            *n = -*n;
        }
    }
    mesh
}

/// Nail lacquer: colour behind glass, under a tall cap.
#[must_use]
pub fn polish(shade: u32, cap: u32) -> Model {
    let mut bottle = Model::new();
    let half = Vec2::new(0.46, 0.30);
    let colour = Material { coat: 1.0, coat_roughness: 0.03, roughness: 0.25, ..Material::matte(hex(shade)) };
    let body = rounded(
        &[(0.0, 0.0), (1.0, 0.0), (1.0, 0.80), (0.42, 0.98), (0.0, 0.98)].map(|(s, y)| Vec2::new(s, y)),
        0.12,
        9,
        false,
    );
    bottle.add(outward(loft(&body, |_| half, 5.0, Material::glass(Vec3::splat(0.04)))));
    let paint = rounded(
        &[(0.0, 0.10), (1.0, 0.10), (1.0, 0.74), (0.42, 0.90), (0.0, 0.90)].map(|(s, y)| Vec2::new(s, y)),
        0.10,
        8,
        false,
    );
    bottle.add(outward(loft(&paint, |_| half - Vec2::splat(0.045), 4.5, colour)));
    let gold = Material::pale_gold();
    bottle.add(lathe(&profile(&[(0.0, 0.97), (0.20, 0.97), (0.20, 1.05), (0.0, 1.05)], 0.015), 72, gold.clone()));
    bottle.add(ribbed(
        &[(0.0, 1.05), (0.215, 1.05), (0.185, 2.02), (0.0, 2.02)],
        0.035,
        28.0,
        0.03,
        Material::lacquer(hex(cap)),
    ));
    bottle.grounded()
}

/// A cream jar with a polished lid.
#[must_use]
pub fn jar(glass: u32, lid: Material, open: bool) -> Model {
    let mut jar = Model::new();
    let body = Material { coat: 0.9, coat_roughness: 0.06, roughness: 0.30, ..Material::matte(hex(glass)) };
    jar.add(lathe(
        &profile(&[(0.0, 0.0), (0.80, 0.0), (0.92, 0.20), (0.92, 0.66), (0.80, 0.82), (0.72, 0.82)], 0.10),
        128,
        body,
    ));
    jar.add(lathe(
        &profile(&[(0.78, 0.81), (0.83, 0.82), (0.83, 0.88), (0.76, 0.88)], 0.015),
        128,
        Material::pale_gold(),
    ));
    let mut top = Model::new();
    top.add(ribbed(&[(0.74, 0.0), (0.86, 0.0), (0.86, 0.44), (0.0, 0.44)], 0.05, 72.0, 0.008, lid.clone()));
    top.add(lathe(&profile(&[(0.0, 0.442), (0.62, 0.442), (0.64, 0.452), (0.0, 0.462)], 0.006), 96, lid));
    if open {
        let cream = Material { roughness: 0.35, coat: 0.3, coat_roughness: 0.3, ..Material::matte(hex(0xF6EBDD)) };
        let swirl = Mesh::surface(160, 80, cream, |u, v| {
            let (a, r) = (u * PI * 2.0, v * 0.74);
            let wave = 0.045 * (a + v * 11.0).sin() * (1.0 - v) + 0.09 * (1.0 - v * 3.0).max(0.0).powi(2);
            Vec3::new(a.cos() * r, 0.80 + wave + 0.03 * (1.0 - v), a.sin() * r)
        });
        jar.add(swirl);
        let lean = top.turned(70.0, 0.0, 0.0).turned(0.0, 28.0, 0.0).grounded();
        jar.extend(lean.at(1.12, 0.0, -0.95));
    } else {
        jar.extend(top.at(0.0, 0.90, 0.0));
    }
    jar.add(block(Vec3::new(0.30, 0.012, 0.006), 0.004, Material::pale_gold()).at(0.0, 0.36, 0.921));
    jar.extend(super::mark::monogram(0.26, &Material::pale_gold()).at(0.0, 0.52, 0.923));
    jar.grounded()
}

/// Amber glass with a dropper.
#[must_use]
pub fn serum() -> Model {
    let mut bottle = Model::new();
    let amber = Material::glass(Vec3::new(0.25, 1.25, 3.4));
    bottle.add(lathe(
        &profile(&[(0.0, 0.0), (0.46, 0.0), (0.46, 1.20), (0.40, 1.36), (0.19, 1.44), (0.19, 1.60), (0.0, 1.60)], 0.08),
        128,
        amber,
    ));
    let mut oil = Material::glass(Vec3::new(0.2, 0.7, 1.8));
    oil.specular = 0.0;
    bottle.add(lathe(&profile(&[(0.0, 0.07), (0.40, 0.07), (0.40, 1.02), (0.0, 1.02)], 0.06), 96, oil));
    let gold = Material::pale_gold();
    bottle.add(ribbed(&[(0.0, 1.56), (0.245, 1.56), (0.245, 1.86), (0.0, 1.86)], 0.02, 40.0, 0.03, gold.clone()));
    let rubber = Material { roughness: 0.55, ..Material::matte(hex(0x1B1A1C)) };
    bottle.add(lathe(
        &profile(&[(0.0, 1.86), (0.17, 1.86), (0.15, 2.05), (0.155, 2.32), (0.10, 2.46), (0.0, 2.46)], 0.06),
        72,
        rubber,
    ));
    let paper = Material::matte(hex(0xF4EEE2));
    let label = Mesh::surface(60, 4, paper, |u, v| {
        let a = (u - 0.5) * 1.9;
        Vec3::new(a.sin() * 0.464, 0.30 + v * 0.66, a.cos() * 0.464)
    });
    bottle.add(label);
    bottle.extend(super::mark::monogram(0.24, &gold).at(0.0, 0.74, 0.468));
    for (y, w) in [(0.52, 0.18), (0.44, 0.12)] {
        bottle.add(block(Vec3::new(w, 0.008, 0.006), 0.004, Material::matte(hex(0x5A4632))).at(0.0, y, 0.462));
    }
    bottle.grounded()
}

/// A round compact, open: mirror above, powder below.
#[must_use]
pub fn compact(powder: u32, case: u32) -> Model {
    let shell = Material::lacquer(hex(case));
    let gold = Material::pale_gold();
    let mut set = Model::new();
    set.add(lathe(
        &profile(&[(0.0, 0.0), (0.92, 0.0), (1.0, 0.08), (1.0, 0.17), (0.90, 0.20), (0.86, 0.20), (0.85, 0.14)], 0.04),
        144,
        shell.clone(),
    ));
    set.add(torus(0.875, 0.022, gold.clone()).at(0.0, 0.20, 0.0));
    let dust = Material { roughness: 0.85, sheen: Vec3::splat(0.06), ..Material::matte(hex(powder)) }
        .with_grain(Grain::Fuzz { scale: 60.0, depth: 0.25 });
    let pressed = Mesh::surface(220, 120, dust, |u, v| {
        let (a, r) = (u * PI * 2.0, v * 0.86);
        let petals = (a * 8.0).cos();
        let flower = crate::noise::ramp(0.03, -0.03, v - 0.50 - 0.16 * petals) * crate::noise::ramp(0.10, 0.16, v);
        let rim = crate::noise::ramp(0.05, 0.0, (v - 0.86).abs());
        Vec3::new(a.cos() * r, 0.165 + 0.020 * flower + 0.014 * rim, a.sin() * r)
    });
    set.add(pressed);
    let mut lid = Model::new();
    lid.add(lathe(
        &profile(&[(0.0, 0.0), (0.92, 0.0), (1.0, 0.06), (1.0, 0.13), (0.93, 0.15), (0.90, 0.12)], 0.03),
        144,
        shell,
    ));
    lid.add(torus(0.905, 0.020, gold.clone()).at(0.0, 0.14, 0.0));
    lid.add(lathe(
        &[(0.0, 0.125), (0.90, 0.125)].map(|(r, y)| Vec2::new(r, y)),
        96,
        Material::metal(Vec3::splat(0.92), 0.03),
    ));
    set.extend(lid.at(0.0, 0.0, 1.0).turned(-108.0, 0.0, 0.0).at(0.0, 0.20, -0.98));
    set.add(block(Vec3::new(0.20, 0.05, 0.05), 0.03, gold).at(0.0, 0.19, -1.0));
    set.grounded()
}

/// Eye colours in a slim case.
#[must_use]
pub fn palette(shades: [u32; 4], case: u32) -> Model {
    let shell = Material::lacquer(hex(case));
    let gold = Material::pale_gold();
    let mut set = Model::new();
    set.add(block(Vec3::new(1.0, 0.09, 1.0), 0.08, shell.clone()).at(0.0, 0.09, 0.0));
    set.add(block(Vec3::new(0.90, 0.02, 0.90), 0.018, gold.clone()).at(0.0, 0.175, 0.0));
    for (i, shade) in shades.into_iter().enumerate() {
        let (x, z) = ((i % 2) as f32 * 0.86 - 0.43, (i / 2) as f32 * 0.86 - 0.43);
        let satin =
            Material { roughness: 0.48, specular: 0.07, sheen: hex(shade) * 0.5, ..Material::matte(hex(shade)) }
                .with_grain(Grain::Fuzz { scale: 55.0, depth: 0.55 });
        let pan = Mesh::surface(90, 90, satin, |u, v| {
            let p = Vec2::new(u - 0.5, v - 0.5) * 0.76;
            let line = crate::noise::ramp(-0.6, 0.6, ((p.x + p.y) * 34.0).sin());
            let inside = crate::noise::ramp(0.36, 0.31, p.abs().max_element());
            Vec3::new(x + p.x, 0.200 + 0.012 * line * inside, z + p.y)
        });
        set.add(pan);
        let frame: Vec<Vec3> = rounded(
            &[(-0.38, -0.38), (0.38, -0.38), (0.38, 0.38), (-0.38, 0.38)].map(|(a, b)| Vec2::new(a, b)),
            0.06,
            6,
            true,
        )
        .into_iter()
        .map(|p| Vec3::new(x + p.x, 0.20, z + p.y))
        .collect();
        set.add(sweep(&frame, true, &ring(Vec2::splat(0.022), 2.0, 10), Vec3::Y, gold.clone(), |_| 1.0));
    }
    let mut lid = Model::new();
    lid.add(block(Vec3::new(1.0, 0.06, 1.0), 0.055, shell).at(0.0, 0.0, 0.0));
    lid.add(block(Vec3::new(0.90, 0.012, 0.90), 0.01, Material::metal(Vec3::splat(0.92), 0.03)).at(0.0, 0.056, 0.0));
    set.extend(lid.at(0.0, 0.0, 1.0).turned(-106.0, 0.0, 0.0).at(0.0, 0.20, -1.02));
    set.grounded()
}
