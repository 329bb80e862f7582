//! Ways to make a mesh: turned on a lathe, drawn along a path, blown up from a box, cut from a sheet.

mod curve;

use std::f32::consts::{PI, TAU};

use glam::{Vec2, Vec3};

use crate::material::Material;
use crate::mesh::Mesh;

pub use curve::{lifted, ring, rounded, squarish, through, through_flat};

/// Turned about y. `profile` runs (radius, height) from bottom to top along the outside.
#[must_use]
pub fn lathe(profile: &[Vec2], around: usize, material: Material) -> Mesh {
    let mut mesh = Mesh::empty(material);
    let count = profile.len();
    let slope = |i: usize| {
        // Longer neighbours decide: a flat face stays flat up to its rounded edge.
        let edge = |a: Vec2, b: Vec2| Vec2::new(b.y - a.y, a.x - b.x) * (b - a).length();
        let mut n = Vec2::ZERO;
        if i > 0 {
            n += edge(profile[i - 1], profile[i]);
        }
        if i + 1 < count {
            n += edge(profile[i], profile[i + 1]);
        }
        n.normalize_or(Vec2::X)
    };
    for (i, p) in profile.iter().enumerate() {
        let n = slope(i);
        for j in 0..=around {
            let u = j as f32 / around as f32;
            let (sin, cos) = (u * TAU).sin_cos();
            mesh.positions.push(Vec3::new(p.x * sin, p.y, p.x * cos));
            mesh.normals.push(Vec3::new(n.x * sin, n.y, n.x * cos).normalize_or(Vec3::Y));
            mesh.uvs.push(Vec2::new(u, i as f32 / (count - 1) as f32));
        }
    }
    strips(&mut mesh, around, count - 1);
    mesh
}

fn strips(mesh: &mut Mesh, columns: usize, rows: usize) {
    let width = columns as u32 + 1;
    for row in 0..rows as u32 {
        for column in 0..columns as u32 {
            let a = row * width + column;
            mesh.indices.push([a, a + 1, a + width]);
            mesh.indices.push([a + 1, a + width + 1, a + width]);
        }
    }
}

/// Draws a closed section along a path. `size` scales it by the share of the way; the section's y leans to `up`.
#[must_use]
pub fn sweep(
    path: &[Vec3],
    closed: bool,
    section: &[Vec2],
    up: Vec3,
    material: Material,
    size: impl Fn(f32) -> f32,
) -> Mesh {
    let mut mesh = Mesh::empty(material);
    let (count, sides) = (path.len(), section.len());
    let rows = if closed { count } else { count - 1 };
    let mut lean = up;
    let normals: Vec<Vec2> = (0..sides)
        .map(|i| {
            let d = section[(i + 1) % sides] - section[(i + sides - 1) % sides];
            Vec2::new(d.y, -d.x).normalize_or(Vec2::X)
        })
        .collect();
    for row in 0..=rows {
        let i = row % count;
        let (before, after) = if closed {
            (path[(i + count - 1) % count], path[(i + 1) % count])
        } else {
            (path[i.saturating_sub(1)], path[(i + 1).min(count - 1)])
        };
        let forward = (after - before).normalize_or(Vec3::Z);
        lean = (lean - forward * lean.dot(forward)).normalize_or(forward.any_orthonormal_vector());
        if closed && up != Vec3::ZERO {
            lean = (up - forward * up.dot(forward)).normalize_or(lean);
        }
        let side = lean.cross(forward);
        let t = row as f32 / rows as f32;
        let scale = size(t);
        for j in 0..=sides {
            let (p, n) = (section[j % sides] * scale, normals[j % sides]);
            mesh.positions.push(path[i] + side * p.x + lean * p.y);
            mesh.normals.push((side * n.x + lean * n.y).normalize_or(lean));
            mesh.uvs.push(Vec2::new(j as f32 / sides as f32, t));
        }
    }
    strips(&mut mesh, sides, rows);
    if !closed {
        for (row, outward) in [(0, -1.0), (rows, 1.0)] {
            let i = row.min(count - 1);
            let forward = (path[(i + 1).min(count - 1)] - path[i.saturating_sub(1)]).normalize_or(Vec3::Z) * outward;
            let base = mesh.positions.len() as u32;
            for j in 0..sides {
                let p = mesh.positions[row * (sides + 1) + j];
                mesh.positions.push(p);
                mesh.normals.push(forward);
                mesh.uvs.push(Vec2::ZERO);
            }
            for [a, b, c] in fan(section) {
                mesh.indices.push([base + a, base + b, base + c]);
            }
        }
    }
    mesh
}

/// A round tube.
#[must_use]
pub fn tube(path: &[Vec3], closed: bool, radius: f32, material: Material) -> Mesh {
    sweep(path, closed, &ring(Vec2::splat(radius), 2.0, 14), Vec3::Y, material, |_| 1.0)
}

/// Triangles of a simple polygon, by cutting ears.
fn fan(outline: &[Vec2]) -> Vec<[u32; 3]> {
    let area: f32 = (0..outline.len()).map(|i| outline[i].perp_dot(outline[(i + 1) % outline.len()])).sum();
    let mut left: Vec<u32> = (0..outline.len() as u32).collect();
    if area < 0.0 {
        left.reverse();
    }
    let mut out = vec![];
    while left.len() > 3 {
        let n = left.len();
        let ear = (0..n).find(|&i| {
            let [a, b, c] = [left[(i + n - 1) % n], left[i], left[(i + 1) % n]].map(|k| outline[k as usize]);
            (b - a).perp_dot(c - b) > 0.0
                && !left.iter().any(|&k| {
                    let p = outline[k as usize];
                    p != a
                        && p != b
                        && p != c
                        && (b - a).perp_dot(p - a) >= 0.0
                        && (c - b).perp_dot(p - b) >= 0.0
                        && (a - c).perp_dot(p - c) >= 0.0
                })
        });
        let i = ear.unwrap_or(0);
        out.push([left[(i + n - 1) % n], left[i], left[(i + 1) % n]]);
        left.remove(i);
    }
    if left.len() == 3 {
        out.push([left[0], left[1], left[2]]);
    }
    out
}

/// A plate cut along an outline in x and y, `depth` thick about z = 0, its edges rounded by `bevel`.
#[must_use]
pub fn plate(outline: &[Vec2], depth: f32, bevel: f32, material: Material) -> Mesh {
    let mut mesh = Mesh::empty(material);
    let count = outline.len();
    let area: f32 = (0..count).map(|i| outline[i].perp_dot(outline[(i + 1) % count])).sum();
    let turn = area.signum();
    let outward: Vec<Vec2> = (0..count)
        .map(|i| {
            let d = outline[(i + 1) % count] - outline[(i + count - 1) % count];
            Vec2::new(d.y, -d.x).normalize_or(Vec2::X) * turn
        })
        .collect();
    let steps = 5;
    let mut rim = vec![];
    for s in 0..=steps {
        let a = s as f32 / steps as f32 * PI / 2.0;
        rim.push((bevel * (1.0 - a.sin()), depth / 2.0 - bevel * (1.0 - a.cos()), a));
    }
    let back: Vec<_> = rim.iter().rev().map(|&(inset, z, a)| (inset, -z, PI - a)).collect();
    rim.extend(back);
    for (row, &(inset, z, a)) in rim.iter().enumerate() {
        for j in 0..=count {
            let i = j % count;
            let p = outline[i] - outward[i] * inset;
            mesh.positions.push(p.extend(z));
            mesh.normals.push((outward[i] * a.sin()).extend(a.cos()).normalize());
            mesh.uvs.push(Vec2::new(j as f32 / count as f32, row as f32 / (rim.len() - 1) as f32));
        }
    }
    strips(&mut mesh, count, rim.len() - 1);
    for side in [1.0, -1.0] {
        let base = mesh.positions.len() as u32;
        let inner: Vec<Vec2> = (0..count).map(|i| outline[i] - outward[i] * bevel).collect();
        for p in &inner {
            mesh.positions.push(p.extend(depth / 2.0 * side));
            mesh.normals.push(Vec3::Z * side);
            mesh.uvs.push(*p);
        }
        mesh.indices.extend(fan(&inner).into_iter().map(|t| t.map(|i| i + base)));
    }
    mesh
}

/// A box with rounded edges, `half` from the middle to each face.
#[must_use]
pub fn block(half: Vec3, radius: f32, material: Material) -> Mesh {
    let radius = radius.min(half.min_element() * 0.999);
    let inner = half - Vec3::splat(radius);
    let cells = 14;
    let mut mesh = Mesh::empty(material);
    for axis in 0..3 {
        for side in [1.0, -1.0] {
            let (a, b) = ((axis + 1) % 3, (axis + 2) % 3);
            let base = mesh.positions.len() as u32;
            let spread = |i: usize, half: f32, inner: f32| {
                // Half of the lines lie in the rounding, so that it stays round.
                let t = i as f32 / cells as f32 * 2.0 - 1.0;
                let edge = 4.0 / 14.0;
                if t.abs() < 1.0 - 2.0 * edge {
                    t / (1.0 - 2.0 * edge) * inner
                } else {
                    let k = (t.abs() - (1.0 - 2.0 * edge)) / (2.0 * edge);
                    t.signum() * (inner + (half - inner) * (k * PI / 4.0).tan())
                }
            };
            for i in 0..=cells {
                for j in 0..=cells {
                    let mut p = Vec3::ZERO;
                    p[axis] = half[axis] * side;
                    p[a] = spread(i, half[a], inner[a]);
                    p[b] = spread(j, half[b], inner[b]);
                    let core = p.clamp(-inner, inner);
                    let n = (p - core).normalize_or(Vec3::ZERO.with_axis(axis, side));
                    mesh.positions.push(core + n * radius);
                    mesh.normals.push(n);
                    mesh.uvs.push(Vec2::new(i as f32, j as f32) / cells as f32);
                }
            }
            let width = cells as u32 + 1;
            for i in 0..cells as u32 {
                for j in 0..cells as u32 {
                    let k = base + i * width + j;
                    mesh.indices.push([k, k + 1, k + width]);
                    mesh.indices.push([k + 1, k + width + 1, k + width]);
                }
            }
        }
    }
    mesh
}

trait WithAxis {
    fn with_axis(self, axis: usize, value: f32) -> Self;
}

impl WithAxis for Vec3 {
    fn with_axis(mut self, axis: usize, value: f32) -> Self {
        self[axis] = value;
        self
    }
}

#[must_use]
pub fn ball(radius: f32, material: Material) -> Mesh {
    let profile: Vec<Vec2> = (0..=40)
        .map(|i| {
            let a = i as f32 / 40.0 * PI - PI / 2.0;
            Vec2::new(a.cos() * radius, a.sin() * radius)
        })
        .collect();
    lathe(&profile, 56, material)
}

/// A ring of wire about y.
#[must_use]
pub fn torus(radius: f32, thick: f32, material: Material) -> Mesh {
    let path: Vec<Vec3> = (0..96)
        .map(|i| {
            let (sin, cos) = (i as f32 / 96.0 * TAU).sin_cos();
            Vec3::new(cos * radius, 0.0, sin * radius)
        })
        .collect();
    sweep(&path, true, &ring(Vec2::splat(thick), 2.0, 24), Vec3::Y, material, |_| 1.0)
}

/// Stitches along a path: short, plump threads with gaps, lying on the surface.
#[must_use]
pub fn stitches(path: &[Vec3], pitch: f32, thick: f32, material: Material) -> Mesh {
    let mut mesh = Mesh::empty(material);
    let section = ring(Vec2::splat(thick), 2.0, 6);
    let mut walked = 0.0;
    let mut from: Option<Vec3> = None;
    for pair in path.windows(2) {
        let length = (pair[1] - pair[0]).length();
        let mut at = 0.0;
        while at < length {
            let phase = walked % pitch;
            let (end, on) = if phase < pitch * 0.62 { (pitch * 0.62, true) } else { (pitch, false) };
            let step = (end - phase + 1e-5).min(length - at);
            let (a, b) = (pair[0].lerp(pair[1], at / length), pair[0].lerp(pair[1], (at + step) / length));
            if on {
                let start = *from.get_or_insert(a);
                if phase + step >= end {
                    let mid = start.lerp(b, 0.5);
                    let thread = [start, start.lerp(mid, 0.5), mid, mid.lerp(b, 0.5), b];
                    let swell = |t: f32| 0.55 + 0.45 * (t * PI).sin();
                    mesh.absorb(&sweep(&thread, false, &section, Vec3::Y, mesh.material.clone(), swell));
                    from = None;
                }
            }
            at += step;
            walked += step;
        }
    }
    mesh
}

/// A body whose level cut is a rounded rectangle: `profile` runs (share of the full cut, height), `half` gives the cut's
/// half width and half depth at a height.
#[must_use]
pub fn loft(profile: &[Vec2], half: impl Fn(f32) -> Vec2, power: f32, material: Material) -> Mesh {
    let lengths: Vec<f32> = std::iter::once(0.0)
        .chain(profile.windows(2).scan(0.0, |sum, pair| {
            *sum += (pair[1] - pair[0]).length();
            Some(*sum)
        }))
        .collect();
    let total = lengths[lengths.len() - 1];
    let along = |v: f32| {
        let at = v.clamp(0.0, 1.0) * total;
        let i = lengths.partition_point(|&l| l < at).clamp(1, lengths.len() - 1);
        let span = (lengths[i] - lengths[i - 1]).max(1e-6);
        profile[i - 1].lerp(profile[i], (at - lengths[i - 1]) / span)
    };
    Mesh::surface(144, 120, material, |u, v| {
        let p = along(v);
        let q = squarish(u * TAU, half(p.y).max(Vec2::splat(1e-4)), power) * p.x;
        Vec3::new(q.x, p.y, -q.y)
    })
}
