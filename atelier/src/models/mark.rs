//! The house's mark.

use glam::{Vec2, Vec3};

use crate::material::Material;
use crate::mesh::Model;
use crate::shape::{plate, ring, sweep};

/// The letter V with serifs, `size` tall, in relief, its foot at the origin's height less a half.
#[must_use]
pub fn monogram(size: f32, material: &Material) -> Model {
    let points = [
        (-0.50, 0.50),
        (-0.50, 0.455),
        (-0.40, 0.44),
        (-0.02, -0.50),
        (0.035, -0.50),
        (0.385, 0.44),
        (0.50, 0.455),
        (0.50, 0.50),
        (0.20, 0.50),
        (0.20, 0.455),
        (0.325, 0.44),
        (0.075, -0.24),
        (-0.20, 0.44),
        (-0.10, 0.455),
        (-0.10, 0.50),
    ];
    let outline: Vec<Vec2> = points.iter().map(|&(x, y)| Vec2::new(x, y) * size).collect();
    let mut mark = Model::new();
    mark.add(plate(&outline, 0.05 * size, 0.006 * size, material.clone()));
    mark
}

/// The monogram in a double ring, as it hangs over the door.
#[must_use]
pub fn seal(material: &Material) -> Model {
    let mut seal = monogram(1.15, &Material { ..material.clone() });
    for (radius, wire) in [(1.0, 0.045), (0.90, 0.014)] {
        let path: Vec<Vec3> = (0..160)
            .map(|i| {
                let (sin, cos) = (i as f32 / 160.0 * std::f32::consts::TAU).sin_cos();
                Vec3::new(cos * radius, sin * radius + 0.03, 0.0)
            })
            .collect();
        seal.add(sweep(&path, true, &ring(Vec2::splat(wire), 3.0, 18), Vec3::Z, material.clone(), |_| 1.0));
    }
    seal
}
