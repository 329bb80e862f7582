//! Triangle meshes: what the models are made of, what is photographed, and what a 3D view can export.

use glam::{Affine3A, Mat3, Vec2, Vec3};

use crate::material::Material;

/// One part of a model, of one material. Units are decimetres; y is up; the front looks along +z.
#[derive(Debug, Clone)]
pub struct Mesh {
    pub positions: Vec<Vec3>,
    /// Unit length, one per position.
    pub normals: Vec<Vec3>,
    pub uvs: Vec<Vec2>,
    pub indices: Vec<[u32; 3]>,
    pub material: Material,
}

impl Mesh {
    /// A surface `f(u, v)` over the unit square in `columns` × `rows` quads; normals come from the surface itself, so
    /// that seams and poles are smooth. `f` must give sense a little outside of the square, too.
    #[must_use]
    pub fn surface(columns: usize, rows: usize, material: Material, f: impl Fn(f32, f32) -> Vec3) -> Self {
        let mut mesh = Self::empty(material);
        let (step_u, step_v) = (0.35 / columns as f32, 0.35 / rows as f32);
        let normal = |u: f32, v: f32| {
            let du = f(u + step_u, v) - f(u - step_u, v);
            let dv = f(u, v + step_v) - f(u, v - step_v);
            du.cross(dv).try_normalize()
        };
        for row in 0..=rows {
            for column in 0..=columns {
                let (u, v) = (column as f32 / columns as f32, row as f32 / rows as f32);
                let toward_middle = if v < 0.5 { v + step_v * 1.5 } else { v - step_v * 1.5 };
                mesh.positions.push(f(u, v));
                mesh.normals.push(normal(u, v).or_else(|| normal(u, toward_middle)).unwrap_or(Vec3::Y));
                mesh.uvs.push(Vec2::new(u, v));
            }
        }
        let width = columns as u32 + 1;
        for row in 0..rows as u32 {
            for column in 0..columns as u32 {
                let a = row * width + column;
                mesh.indices.push([a, a + 1, a + width]);
                mesh.indices.push([a + 1, a + width + 1, a + width]);
            }
        }
        mesh
    }

    #[must_use]
    pub fn empty(material: Material) -> Self {
        Self { positions: vec![], normals: vec![], uvs: vec![], indices: vec![], material }
    }

    /// Adds the other's triangles, keeping this material.
    pub fn absorb(&mut self, other: &Self) {
        let base = self.positions.len() as u32;
        self.positions.extend_from_slice(&other.positions);
        self.normals.extend_from_slice(&other.normals);
        self.uvs.extend_from_slice(&other.uvs);
        self.indices.extend(other.indices.iter().map(|t| t.map(|i| i + base)));
    }

    #[must_use]
    pub fn placed(mut self, by: Affine3A) -> Self {
        let turn = Mat3::from(by.matrix3).inverse().transpose();
        for p in &mut self.positions {
            *p = by.transform_point3(*p);
        }
        for n in &mut self.normals {
            *n = (turn * *n).normalize_or(Vec3::Y);
        }
        self
    }

    /// Bends every point; normals are rebuilt from the triangles.
    #[must_use]
    pub fn bent(mut self, f: impl Fn(Vec3) -> Vec3) -> Self {
        for (p, n) in self.positions.iter_mut().zip(&mut self.normals) {
            let e = 0.004;
            let (a, b) = n.any_orthonormal_pair();
            let moved = f(*p);
            let turned = (f(*p + a * e) - moved).cross(f(*p + b * e) - moved);
            *n = turned.normalize_or(*n);
            *p = moved;
        }
        self
    }

    #[must_use]
    pub fn at(self, x: f32, y: f32, z: f32) -> Self {
        self.placed(Affine3A::from_translation(Vec3::new(x, y, z)))
    }

    #[must_use]
    pub fn scaled(self, x: f32, y: f32, z: f32) -> Self {
        self.placed(Affine3A::from_scale(Vec3::new(x, y, z)))
    }

    /// Turned about x, then y, then z, in degrees.
    #[must_use]
    pub fn turned(self, x: f32, y: f32, z: f32) -> Self {
        let turn = Affine3A::from_rotation_z(z.to_radians())
            * Affine3A::from_rotation_y(y.to_radians())
            * Affine3A::from_rotation_x(x.to_radians());
        self.placed(turn)
    }
}

/// A thing of several parts.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub parts: Vec<Mesh>,
}

impl Model {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, part: Mesh) {
        self.parts.push(part);
    }

    pub fn extend(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    #[must_use]
    pub fn placed(self, by: Affine3A) -> Self {
        Self { parts: self.parts.into_iter().map(|part| part.placed(by)).collect() }
    }

    #[must_use]
    pub fn at(self, x: f32, y: f32, z: f32) -> Self {
        self.placed(Affine3A::from_translation(Vec3::new(x, y, z)))
    }

    #[must_use]
    pub fn sized(self, scale: f32) -> Self {
        self.placed(Affine3A::from_scale(Vec3::splat(scale)))
    }

    /// Turned about x, then y, then z, in degrees.
    #[must_use]
    pub fn turned(self, x: f32, y: f32, z: f32) -> Self {
        Self { parts: self.parts.into_iter().map(|part| part.turned(x, y, z)).collect() }
    }

    /// Lowest and highest corner.
    #[must_use]
    pub fn bounds(&self) -> (Vec3, Vec3) {
        let points = self.parts.iter().flat_map(|part| &part.positions);
        points.fold((Vec3::splat(f32::MAX), Vec3::splat(f32::MIN)), |(low, high), p| (low.min(*p), high.max(*p)))
    }

    /// Moved so that it rests on the floor (y = 0), centred over the origin.
    #[must_use]
    pub fn grounded(self) -> Self {
        let (low, high) = self.bounds();
        self.at(-(low.x + high.x) / 2.0, -low.y, -(low.z + high.z) / 2.0)
    }
}
