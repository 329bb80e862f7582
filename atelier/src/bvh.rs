//! Which triangle a ray meets first, over a tree of boxes.

use glam::{Vec2, Vec3};

use crate::mesh::Model;

#[derive(Debug, Clone, Copy)]
pub struct Ray {
    pub origin: Vec3,
    pub direction: Vec3,
}

/// Where a ray landed.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    pub distance: f32,
    pub part: u32,
    /// Of the triangle itself, toward its outside.
    pub face_normal: Vec3,
    /// Interpolated from the corners.
    pub normal: Vec3,
    pub uv: Vec2,
    /// Direction in space in which u grows.
    pub along_u: Vec3,
}

#[derive(Debug, Clone, Copy)]
struct Triangle {
    a: Vec3,
    ab: Vec3,
    ac: Vec3,
    part: u32,
    index: u32,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    low: Vec3,
    /// First triangle of a leaf, or the right child of a branch (the left one follows its parent).
    start: u32,
    high: Vec3,
    /// Triangles of a leaf; 0 marks a branch.
    count: u32,
}

#[derive(Debug)]
pub struct Scene<'a> {
    pub model: &'a Model,
    triangles: Vec<Triangle>,
    nodes: Vec<Node>,
}

const BINS: usize = 12;
const LEAF: usize = 4;

impl<'a> Scene<'a> {
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        let mut triangles = vec![];
        for (part, mesh) in model.parts.iter().enumerate() {
            for (index, t) in mesh.indices.iter().enumerate() {
                let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
                if (b - a).cross(c - a).length_squared() > 1e-16 {
                    triangles.push(Triangle { a, ab: b - a, ac: c - a, part: part as u32, index: index as u32 });
                }
            }
        }
        let mut nodes = Vec::with_capacity(triangles.len());
        let all = triangles.len();
        if all > 0 {
            build(&mut nodes, &mut triangles, 0, all);
        }
        Self { model, triangles, nodes }
    }

    #[must_use]
    pub fn nearest(&self, ray: Ray) -> Option<Hit> {
        let mut best = (f32::MAX, 0_usize, 0.0, 0.0);
        self.walk(ray, f32::MAX, |i, t, u, v| {
            if t < best.0 {
                best = (t, i, u, v);
            }
            best.0
        });
        (best.0 < f32::MAX).then(|| self.describe(best.0, &self.triangles[best.1], best.2, best.3))
    }

    /// How much light comes through up to `limit`: 0 behind anything solid, less than 1 behind glass.
    #[must_use]
    pub fn passes(&self, ray: Ray, limit: f32) -> f32 {
        let mut light = 1.0;
        self.walk(ray, limit, |i, t, _, _| {
            if t >= limit {
                return limit;
            }
            if self.model.parts[self.triangles[i].part as usize].material.clear.is_some() {
                light *= 0.90;
                return limit;
            }
            light = 0.0;
            f32::MIN
        });
        light
    }

    fn describe(&self, distance: f32, triangle: &Triangle, u: f32, v: f32) -> Hit {
        let mesh = &self.model.parts[triangle.part as usize];
        let corners = mesh.indices[triangle.index as usize].map(|i| i as usize);
        let weights = [1.0 - u - v, u, v];
        let normal: Vec3 = corners.iter().zip(weights).map(|(&i, w)| mesh.normals[i] * w).sum();
        let uv: Vec2 = corners.iter().zip(weights).map(|(&i, w)| mesh.uvs[i] * w).sum();
        let (d1, d2) = (mesh.uvs[corners[1]] - mesh.uvs[corners[0]], mesh.uvs[corners[2]] - mesh.uvs[corners[0]]);
        let area = d1.x * d2.y - d2.x * d1.y;
        let along_u = if area.abs() > 1e-9 { (triangle.ab * d2.y - triangle.ac * d1.y) / area } else { triangle.ab };
        let mut face_normal = triangle.ab.cross(triangle.ac).normalize_or(Vec3::Y);
        let normal = normal.normalize_or(face_normal);
        if face_normal.dot(normal) < 0.0 {
            face_normal = -face_normal;
        }
        Hit { distance, part: triangle.part, face_normal, normal, uv, along_u }
    }

    /// Visits triangles on the way; `meet` gets (triangle, distance, u, v) and answers how far to go on looking.
    fn walk(&self, ray: Ray, limit: f32, mut meet: impl FnMut(usize, f32, f32, f32) -> f32) {
        if self.nodes.is_empty() {
            return;
        }
        let inverse = ray.direction.recip();
        let enter = |node: &Node| {
            let (a, b) = ((node.low - ray.origin) * inverse, (node.high - ray.origin) * inverse);
            let near = a.min(b).max_element().max(0.0);
            let far = a.max(b).min_element();
            if near <= far { near } else { f32::MAX }
        };
        let mut limit = limit;
        let mut stack = [(0_u32, 0.0_f32); 64];
        let mut depth = 1;
        stack[0] = (0, enter(&self.nodes[0]));
        while depth > 0 {
            depth -= 1;
            let (at, near) = stack[depth];
            if near >= limit {
                continue;
            }
            let node = &self.nodes[at as usize];
            if node.count > 0 {
                for i in node.start as usize..(node.start + node.count) as usize {
                    if let Some((t, u, v)) = crosses(&self.triangles[i], ray)
                        && t < limit
                    {
                        limit = limit.min(meet(i, t, u, v));
                        if limit == f32::MIN {
                            return;
                        }
                    }
                }
                continue;
            }
            let (left, right) = (at + 1, node.start);
            let (to_left, to_right) = (enter(&self.nodes[left as usize]), enter(&self.nodes[right as usize]));
            let (first, second) = if to_left <= to_right {
                ((left, to_left), (right, to_right))
            } else {
                ((right, to_right), (left, to_left))
            };
            if second.1 < limit {
                stack[depth] = second;
                depth += 1;
            }
            if first.1 < limit {
                stack[depth] = first;
                depth += 1;
            }
        }
    }
}

fn crosses(triangle: &Triangle, ray: Ray) -> Option<(f32, f32, f32)> {
    let p = ray.direction.cross(triangle.ac);
    let determinant = triangle.ab.dot(p);
    if determinant.abs() < 1e-12 {
        return None;
    }
    let inverse = determinant.recip();
    let s = ray.origin - triangle.a;
    let u = s.dot(p) * inverse;
    if !(0.0..=1.0).contains(&u) {
        return None;
    }
    let q = s.cross(triangle.ab);
    let v = ray.direction.dot(q) * inverse;
    if v < 0.0 || u + v > 1.0 {
        return None;
    }
    let t = triangle.ac.dot(q) * inverse;
    (t > 1e-5).then_some((t, u, v))
}

fn extent(triangle: &Triangle) -> (Vec3, Vec3) {
    let (b, c) = (triangle.a + triangle.ab, triangle.a + triangle.ac);
    (triangle.a.min(b).min(c), triangle.a.max(b).max(c))
}

fn centre(triangle: &Triangle) -> Vec3 {
    triangle.a + (triangle.ab + triangle.ac) / 3.0
}

fn build(nodes: &mut Vec<Node>, triangles: &mut [Triangle], from: usize, to: usize) {
    let mut low = Vec3::splat(f32::MAX);
    let mut high = Vec3::splat(f32::MIN);
    let (mut inner_low, mut inner_high) = (low, high);
    for triangle in &triangles[from..to] {
        let (l, h) = extent(triangle);
        low = low.min(l);
        high = high.max(h);
        let c = centre(triangle);
        inner_low = inner_low.min(c);
        inner_high = inner_high.max(c);
    }
    let at = nodes.len();
    nodes.push(Node { low, start: from as u32, high, count: (to - from) as u32 });
    if to - from <= LEAF {
        return;
    }
    let Some((axis, split)) = cheapest(&triangles[from..to], inner_low, inner_high) else { return };
    let mut middle = from;
    for i in from..to {
        if centre(&triangles[i])[axis] < split {
            triangles.swap(i, middle);
            middle += 1;
        }
    }
    if middle == from || middle == to {
        middle = usize::midpoint(from, to);
        triangles[from..to].sort_unstable_by(|a, b| centre(a)[axis].total_cmp(&centre(b)[axis]));
    }
    build(nodes, triangles, from, middle);
    let right = nodes.len();
    build(nodes, triangles, middle, to);
    nodes[at].start = right as u32;
    nodes[at].count = 0;
}

/// The axis and place with the least surface-area cost; None when all centres are one point.
fn cheapest(triangles: &[Triangle], low: Vec3, high: Vec3) -> Option<(usize, f32)> {
    let mut best = (f32::MAX, None);
    for axis in 0..3 {
        let width = high[axis] - low[axis];
        if width < 1e-7 {
            continue;
        }
        let mut bins = [(0_u32, Vec3::splat(f32::MAX), Vec3::splat(f32::MIN)); BINS];
        for triangle in triangles {
            let t = (centre(triangle)[axis] - low[axis]) / width * BINS as f32;
            #[expect(clippy::cast_sign_loss, reason = "centres lie at or above the low corner")]
            let bin = &mut bins[(t as usize).min(BINS - 1)];
            let (l, h) = extent(triangle);
            *bin = (bin.0 + 1, bin.1.min(l), bin.2.max(h));
        }
        for cut in 1..BINS {
            let side = |bins: &[(u32, Vec3, Vec3)]| {
                let all = bins.iter().fold((0, Vec3::splat(f32::MAX), Vec3::splat(f32::MIN)), |a, b| {
                    (a.0 + b.0, a.1.min(b.1), a.2.max(b.2))
                });
                let d = (all.2 - all.1).max(Vec3::ZERO);
                all.0 as f32 * (d.x * d.y + d.y * d.z + d.z * d.x)
            };
            let cost = side(&bins[..cut]) + side(&bins[cut..]);
            if cost < best.0 {
                best = (cost, Some((axis, low[axis] + width * cut as f32 / BINS as f32)));
            }
        }
    }
    best.1
}
