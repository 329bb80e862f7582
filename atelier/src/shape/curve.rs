//! Lines in the plane and in space, which shapes are drawn along.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3};

/// Corners of a polyline rounded by `radius` (less where an edge is too short), each with `steps` pieces.
#[must_use]
pub fn rounded(points: &[Vec2], radius: f32, steps: usize, closed: bool) -> Vec<Vec2> {
    let count = points.len();
    let mut out = vec![];
    for i in 0..count {
        let p = points[i];
        if !closed && (i == 0 || i == count - 1) {
            out.push(p);
            continue;
        }
        let (before, after) = (points[(i + count - 1) % count], points[(i + 1) % count]);
        let (to_before, to_after) = ((before - p).normalize_or_zero(), (after - p).normalize_or_zero());
        let r = radius.min((before - p).length() * 0.48).min((after - p).length() * 0.48);
        let (a, b) = (p + to_before * r, p + to_after * r);
        for s in 0..=steps {
            let t = s as f32 / steps as f32;
            out.push(a.lerp(p, t).lerp(p.lerp(b, t), t));
        }
    }
    out
}

/// A smooth curve through the points (Catmull–Rom), `steps` pieces between each two.
#[must_use]
pub fn through(points: &[Vec3], steps: usize, closed: bool) -> Vec<Vec3> {
    let count = points.len();
    let at = |i: isize| {
        let n = count as isize;
        points[if closed { i.rem_euclid(n) } else { i.clamp(0, n - 1) } as usize]
    };
    let spans = if closed { count } else { count - 1 };
    let mut out = vec![];
    for span in 0..spans as isize {
        let (a, b, c, d) = (at(span - 1), at(span), at(span + 1), at(span + 2));
        for s in 0..steps {
            let t = s as f32 / steps as f32;
            out.push(
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * (t * t)
                    + (3.0 * b - a - 3.0 * c + d) * (t * t * t)),
            );
        }
    }
    if !closed {
        out.push(points[count - 1]);
    }
    out
}

/// The same in the plane.
#[must_use]
pub fn through_flat(points: &[Vec2], steps: usize, closed: bool) -> Vec<Vec2> {
    let lifted: Vec<Vec3> = points.iter().map(|p| p.extend(0.0)).collect();
    through(&lifted, steps, closed).into_iter().map(|p| p.truncate()).collect()
}

/// A ring of the given half width and half height; `power` 2 is an ellipse, higher is squarer.
#[must_use]
pub fn ring(half: Vec2, power: f32, count: usize) -> Vec<Vec2> {
    (0..count)
        .map(|i| {
            let (sin, cos) = (i as f32 / count as f32 * TAU).sin_cos();
            let e = 2.0 / power;
            Vec2::new(cos.signum() * cos.abs().powf(e), sin.signum() * sin.abs().powf(e)) * half
        })
        .collect()
}

/// A point of a ring at an angle, evenly spread even when it is nearly a rectangle.
#[must_use]
pub fn squarish(angle: f32, half: Vec2, power: f32) -> Vec2 {
    let (sin, cos) = angle.sin_cos();
    let reach = ((cos / half.x).abs().powf(power) + (sin / half.y).abs().powf(power)).powf(-1.0 / power);
    Vec2::new(cos, sin) * reach
}

/// Points of a plane curve, at a height or depth of its own.
#[must_use]
pub fn lifted(points: &[Vec2], f: impl Fn(Vec2) -> Vec3) -> Vec<Vec3> {
    points.iter().map(|p| f(*p)).collect()
}
