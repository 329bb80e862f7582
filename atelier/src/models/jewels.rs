//! Rings, earrings, necklaces, bracelets, and the velvet that they lie on.

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use super::bags::chain;
use crate::material::{Material, hex};
use crate::mesh::{Mesh, Model};
use crate::pattern::Grain;
use crate::shape::{ball, block, lathe, ring, rounded, sweep, through, torus, tube};

/// A cut stone: table, crown, girdle and pavilion in flat facets.
fn brilliant(radius: f32, sides: usize, material: Material) -> Mesh {
    let mut mesh = Mesh::empty(material);
    let at = |r: f32, y: f32, turn: f32| {
        let (sin, cos) = turn.sin_cos();
        Vec3::new(cos * r * radius, y * radius, sin * r * radius)
    };
    let step = TAU / sides as f32;
    let mut face = |points: &[Vec3]| {
        let normal = (points[1] - points[0]).cross(points[2] - points[0]).normalize_or(Vec3::Y);
        let middle: Vec3 = points.iter().sum::<Vec3>() / points.len() as f32;
        let normal = if normal.dot(middle - Vec3::Y * -0.15 * radius) < 0.0 { -normal } else { normal };
        let base = mesh.positions.len() as u32;
        for p in points {
            mesh.positions.push(*p);
            mesh.normals.push(normal);
            mesh.uvs.push(Vec2::ZERO);
        }
        for i in 1..points.len() as u32 - 1 {
            mesh.indices.push([base, base + i, base + i + 1]);
        }
    };
    let table: Vec<Vec3> = (0..sides).map(|i| at(0.58, 0.34, i as f32 * step)).collect();
    face(&table);
    for i in 0..sides {
        let a = i as f32 * step;
        let (half, next) = (a + step / 2.0, a + step);
        face(&[at(0.58, 0.34, a), at(0.80, 0.20, half), at(0.58, 0.34, next)]);
        face(&[at(0.58, 0.34, a), at(1.0, 0.03, a), at(0.80, 0.20, half)]);
        face(&[at(0.80, 0.20, half), at(1.0, 0.03, next), at(0.58, 0.34, next)]);
        face(&[at(0.80, 0.20, half), at(1.0, 0.03, a), at(1.0, 0.03, next)]);
        face(&[at(1.0, 0.03, a), at(1.0, 0.03, next), at(1.0, -0.03, next), at(1.0, -0.03, a)]);
        face(&[at(1.0, -0.03, a), at(1.0, -0.03, next), at(0.0, -0.80, half)]);
    }
    mesh
}

/// A gem as the eye knows it: a bright, coloured mirror under a clear coat (true refraction in a stone this small would
/// only be noise).
fn gem(colour: u32) -> Material {
    Material { metallic: 0.75, roughness: 0.05, coat: 1.0, coat_roughness: 0.02, ..Material::matte(hex(colour)) }
}

fn velvet(colour: u32) -> Material {
    Material {
        roughness: 0.95,
        sheen: hex(colour) * 1.2 + Vec3::splat(0.02),
        grain: Grain::Fuzz { scale: 60.0, depth: 0.4 },
        ..Material::matte(hex(colour))
    }
}

/// A low cushion-edged block to stand small things on.
fn plinth(half: Vec3, colour: u32) -> Mesh {
    block(half, 0.12, velvet(colour)).at(0.0, -half.y, 0.0)
}

/// A solitaire standing in a velvet slot.
#[must_use]
pub fn solitaire(stone: u32, gold: bool, cushion: u32) -> Model {
    let shine = if gold { Material::gold() } else { Material::silver() };
    let mut set = Model::new();
    let mut band = Model::new();
    let path: Vec<Vec3> = (0..120)
        .map(|i| {
            let (sin, cos) = (i as f32 / 120.0 * TAU).sin_cos();
            Vec3::new(cos * 0.80, sin * 0.80, 0.0)
        })
        .collect();
    band.add(
        sweep(&path, true, &ring(Vec2::new(0.105, 0.07), 2.6, 24), Vec3::Z, shine.clone(), |_| 1.0)
            .turned(0.0, 0.0, 0.0),
    );
    let mut head = Model::new();
    head.add(brilliant(0.36, 8, gem(stone)).at(0.0, 0.42, 0.0));
    for i in 0..4 {
        let (sin, cos) = ((i as f32 + 0.5) * PI / 2.0).sin_cos();
        let claw = through(
            &[
                Vec3::new(cos * 0.06, 0.02, sin * 0.06),
                Vec3::new(cos * 0.25, 0.20, sin * 0.25),
                Vec3::new(cos * 0.355, 0.42, sin * 0.355),
                Vec3::new(cos * 0.30, 0.53, sin * 0.30),
            ],
            10,
            false,
        );
        head.add(sweep(&claw, false, &ring(Vec2::splat(0.036), 2.0, 12), Vec3::Y, shine.clone(), |t| 1.15 - 0.3 * t));
    }
    head.add(torus(0.19, 0.028, shine.clone()).at(0.0, 0.16, 0.0));
    for (i, turn) in [-0.62_f32, -0.44, 0.44, 0.62].into_iter().enumerate() {
        let size = if i == 0 || i == 3 { 0.062 } else { 0.078 };
        let (sin, cos) = turn.sin_cos();
        band.add(brilliant(size, 8, gem(0xFFFFFF)).turned(0.0, 0.0, -turn.to_degrees()).at(
            sin * 0.885,
            cos * 0.885,
            0.0,
        ));
    }
    band.extend(head.at(0.0, 0.82, 0.0));
    set.extend(band.turned(-8.0, -24.0, 0.0).at(0.0, 0.42, 0.0));
    set.add(plinth(Vec3::new(1.15, 0.28, 0.80), cushion));
    set.grounded()
}

/// Pearl drops hanging from a little brass rail.
#[must_use]
pub fn pearl_drops(gold: bool) -> Model {
    let shine = if gold { Material::gold() } else { Material::silver() };
    let mut set = rail(2.6, 1.45, 0x2C2A29);
    for x in [-0.46, 0.46] {
        set.extend(hook(&shine).at(x, 2.55, 0.0));
        set.add(brilliant(0.10, 8, gem(0xFFFFFF)).turned(90.0, 0.0, 0.0).at(x, 2.10, 0.03));
        set.add(torus(0.105, 0.018, shine.clone()).turned(90.0, 0.0, 0.0).at(x, 2.10, 0.0));
        let links: Vec<Vec3> = (0..=6).map(|i| Vec3::new(x, 1.99 - i as f32 * 0.045, 0.0)).collect();
        set.add(chain(&links, 0.04, 0.010, &shine));
        set.add(
            lathe(
                &[(0.0, 0.10), (0.05, 0.09), (0.10, 0.02), (0.115, -0.02)]
                    .map(|(r, y)| Vec2::new(r, y))
                    .into_iter()
                    .rev()
                    .collect::<Vec<_>>(),
                40,
                shine.clone(),
            )
            .at(x, 1.62, 0.0),
        );
        let drop = ball(0.30, Material::pearl()).bent(|p| {
            let t = ((p.y + 0.30) / 0.60).clamp(0.0, 1.0);
            Vec3::new(p.x * (1.0 - 0.34 * t * t), p.y * 1.12, p.z * (1.0 - 0.34 * t * t))
        });
        set.add(drop.at(x, 1.30, 0.0));
    }
    set.grounded()
}

fn hook(shine: &Material) -> Model {
    let mut hook = Model::new();
    let path = through(
        &[
            Vec3::new(0.0, -0.36, 0.0),
            Vec3::new(0.0, -0.05, 0.03),
            Vec3::new(0.0, 0.11, 0.0),
            Vec3::new(0.0, 0.04, -0.14),
            Vec3::new(0.0, -0.22, -0.17),
        ],
        12,
        false,
    );
    hook.add(tube(&path, false, 0.016, shine.clone()));
    hook
}

fn rail(height: f32, half: f32, foot: u32) -> Model {
    let brass = Material::gold().with_roughness(0.28);
    let mut rail = Model::new();
    let path = through(
        &[
            Vec3::new(-half, 0.05, 0.0),
            Vec3::new(-half, height * 0.6, 0.0),
            Vec3::new(-half * 0.93, height * 0.94, 0.0),
            Vec3::new(-half * 0.7, height, 0.0),
            Vec3::new(0.0, height, 0.0),
            Vec3::new(half * 0.7, height, 0.0),
            Vec3::new(half * 0.93, height * 0.94, 0.0),
            Vec3::new(half, height * 0.6, 0.0),
            Vec3::new(half, 0.05, 0.0),
        ],
        14,
        false,
    );
    rail.add(tube(&path, false, 0.035, brass));
    rail.add(block(Vec3::new(half + 0.25, 0.09, 0.34), 0.05, velvet(foot)).at(0.0, 0.0, 0.0));
    rail
}

/// Sculpted hoops, one standing and one leaning.
#[must_use]
pub fn hoops(gold: bool) -> Model {
    let shine = if gold { Material::gold() } else { Material::silver() };
    let hoop = || {
        let path: Vec<Vec3> = (0..=110)
            .map(|i| {
                let a = 0.22 + i as f32 / 110.0 * (TAU - 0.44);
                Vec3::new(a.sin() * 0.8, a.cos() * 0.8, 0.0)
            })
            .collect();
        let mut hoop = Model::new();
        hoop.add(sweep(&path, false, &ring(Vec2::new(0.17, 0.13), 2.3, 30), Vec3::Z, shine.clone(), |t| {
            0.42 + 0.72 * (t * PI).sin().max(0.0).powf(0.8)
        }));
        let post = [Vec3::new(-0.17, 0.78, 0.0), Vec3::new(0.17, 0.78, 0.0)];
        hoop.add(tube(&post, false, 0.022, shine.clone()));
        hoop
    };
    let mut set = Model::new();
    set.extend(hoop().turned(0.0, 28.0, 0.0).grounded().at(-0.52, 0.0, 0.0));
    set.extend(hoop().turned(-64.0, 0.0, 0.0).turned(0.0, -30.0, 0.0).grounded().at(0.75, 0.0, 0.35));
    set.add(plinth(Vec3::new(1.75, 0.22, 1.05), 0x5B2A33));
    set.grounded()
}

/// A pendant on a velvet bust.
#[must_use]
pub fn pendant(stone: u32, gold: bool, cushion: u32) -> Model {
    let shine = if gold { Material::gold() } else { Material::silver() };
    let mut set = Model::new();
    // The bust: neck, shoulders and a flat back.
    let front = |x: f32, y: f32| {
        let neck = crate::noise::ramp(1.5, 2.9, y);
        let round = 1.0 - (x / (1.75 - 1.05 * neck)).powi(2);
        0.34 + 0.42 * round.max(-0.6) + 0.16 * (1.0 - neck) * (1.0 - (y / 2.0 - 0.3).powi(2))
    };
    let bust = Mesh::surface(120, 140, velvet(cushion), |u, v| {
        let y = v * 3.2;
        let neck = crate::noise::ramp(1.35, 2.75, y);
        let half = 1.62 * (1.0 - 0.16 * crate::noise::ramp(1.2, 0.0, y)) * (1.0 - neck) + 0.60 * neck;
        let x = (u - 0.5) * 2.0 * half;
        let edge = (1.0 - (2.0 * u - 1.0).powi(8)).max(0.0);
        let rim = (1.0 - (2.0 * v - 1.0).powi(16)).max(0.0);
        Vec3::new(x, y, front(x, y) * edge.sqrt() * rim.sqrt() - y * 0.10)
    });
    set.add(bust);
    let lie = |x: f32, y: f32, off: f32| Vec3::new(x, y, front(x, y) - y * 0.10 + off);
    let path: Vec<Vec3> = (0..=120)
        .map(|i| {
            let t = i as f32 / 60.0 - 1.0;
            let y = 1.22 + 1.62 * t.abs().powf(1.55);
            let x = t.signum() * 0.585 * (1.0 - (1.0 - t.abs()).powf(1.25)).powf(0.9);
            lie(x, y, 0.045)
        })
        .collect();
    set.add(chain(&path, 0.052, 0.0135, &shine));
    let mut drop = Model::new();
    drop.add(brilliant(0.25, 10, gem(stone)).turned(90.0, 0.0, 0.0).scaled(0.82, 1.12, 0.8));
    let frame: Vec<Vec3> = ring(Vec2::new(0.225, 0.30), 2.0, 60).iter().map(|p| p.extend(-0.02)).collect();
    drop.add(sweep(&frame, true, &ring(Vec2::splat(0.034), 2.0, 14), Vec3::Z, shine.clone(), |_| 1.0));
    for i in 0..20 {
        let (sin, cos) = (i as f32 / 20.0 * TAU).sin_cos();
        drop.add(ball(0.026, Material::silver()).at(cos * 0.268, sin * 0.345, 0.0));
    }
    drop.add(torus(0.06, 0.018, shine).turned(0.0, 0.0, 90.0).at(0.0, 0.42, 0.0));
    let p = lie(0.0, 0.82, 0.07);
    set.extend(drop.at(p.x, p.y, p.z));
    set.grounded()
}

/// Bangles stacked on a velvet roll.
#[must_use]
pub fn bangles() -> Model {
    let mut set = Model::new();
    let bar =
        [(0.0, -1.5), (0.50, -1.5), (0.56, -1.42), (0.56, 1.42), (0.50, 1.5), (0.0, 1.5)].map(|(r, y)| Vec2::new(r, y));
    set.add(lathe(&rounded(&bar, 0.06, 6, false), 90, velvet(0x23302C)).turned(0.0, 0.0, 90.0).at(0.0, 0.95, 0.0));
    for (x, shine, twist) in [
        (-0.72, Material::gold(), 0.0),
        (-0.28, Material::silver(), 1.0),
        (0.16, Material::gold().with_roughness(0.3), 2.0),
        (0.66, Material::metal(Vec3::new(0.93, 0.62, 0.50), 0.16), 1.0),
    ] {
        let path: Vec<Vec3> = (0..240)
            .map(|i| {
                let a = i as f32 / 240.0 * TAU;
                let wave = if twist > 0.5 { 0.035 * (a * 24.0).sin() } else { 0.0 };
                Vec3::new(x + wave, a.sin() * 0.70, a.cos() * 0.70)
            })
            .collect();
        let size = if twist > 1.5 { 0.11 } else { 0.075 };
        set.add(
            sweep(
                &path,
                true,
                &ring(Vec2::new(size, size), if twist > 1.5 { 5.0 } else { 2.0 }, 22),
                Vec3::X,
                shine.clone(),
                |_| 1.0,
            )
            .at(0.0, 0.84, 0.0),
        );
        if twist > 0.5 && twist < 1.5 {
            let other: Vec<Vec3> = path
                .iter()
                .enumerate()
                .map(|(i, p)| Vec3::new(2.0 * x - p.x, p.y, p.z) * (1.0 + 0.01 * (i as f32 * 0.3).sin()))
                .collect();
            set.add(sweep(&other, true, &ring(Vec2::splat(0.06), 2.0, 16), Vec3::X, shine, |_| 1.0).at(0.0, 0.84, 0.0));
        }
    }
    for x in [-1.25, 1.25] {
        set.add(block(Vec3::new(0.09, 0.5, 0.42), 0.06, Material::gold().with_roughness(0.3)).at(x, 0.48, 0.0));
    }
    set.grounded()
}
