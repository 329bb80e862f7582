//! The atelier models the demo boutique's goods from code and photographs them: parametric meshes, a small path
//! tracer, one light for the whole shop. What it makes is committed under `crates/trunkshow/furniture/pictures`.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "counts of vertices, pixels and samples are small"
)]

pub mod bvh;
pub mod chance;
pub mod develop;
pub mod exposure;
pub mod material;
pub mod mesh;
pub mod models;
pub mod noise;
pub mod pattern;
pub mod plates;
pub mod scenes;
pub mod shape;
pub mod studio;
pub mod surface;

/// WebP quality of the committed pictures: below it, leather grain smears.
pub const QUALITY: f32 = 80.0;
