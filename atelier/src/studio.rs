//! The photographer's room: two softboxes, a strip behind, a sweep of warm paper, a camera with a long lens.

use glam::{Vec2, Vec3};

use crate::bvh::Ray;
use crate::material::hex;
use crate::mesh::Model;

/// A rectangle that shines on one side.
#[derive(Debug, Clone, Copy)]
pub struct Softbox {
    pub centre: Vec3,
    /// Half of each side.
    pub across: Vec3,
    pub up: Vec3,
    /// Toward the subject, unit length.
    pub facing: Vec3,
    pub radiance: Vec3,
    pub area: f32,
}

impl Softbox {
    fn new(centre: Vec3, target: Vec3, half: Vec2, radiance: Vec3) -> Self {
        let facing = (target - centre).normalize();
        let across = facing.cross(Vec3::Y).normalize_or(Vec3::X) * half.x;
        let up = across.normalize().cross(facing) * half.y;
        Self { centre, across, up, facing, radiance, area: 4.0 * half.x * half.y }
    }

    #[must_use]
    pub fn point(&self, u: f32, v: f32) -> Vec3 {
        self.centre + self.across * (2.0 * u - 1.0) + self.up * (2.0 * v - 1.0)
    }

    /// Where a ray meets the shining side: distance and the radiance there, which falls off softly to the edge.
    #[must_use]
    pub fn meet(&self, ray: Ray) -> Option<(f32, Vec3)> {
        let facing = ray.direction.dot(self.facing);
        if facing > -1e-4 {
            return None;
        }
        let t = (self.centre - ray.origin).dot(self.facing) / facing;
        if t < 1e-4 {
            return None;
        }
        let p = ray.origin + ray.direction * t - self.centre;
        let (a, b) = (p.dot(self.across) / self.across.length_squared(), p.dot(self.up) / self.up.length_squared());
        (a.abs() <= 1.0 && b.abs() <= 1.0).then(|| (t, self.radiance * Self::fabric(a, b)))
    }

    /// The diffuser is brightest in its middle.
    #[must_use]
    pub fn fabric(a: f32, b: f32) -> f32 {
        let edge = |x: f32| 1.0 - 0.65 * x.abs().powi(6);
        edge(a) * edge(b)
    }
}

/// Where the photographer stands.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Degrees around the subject; positive shows its right side.
    pub around: f32,
    /// Degrees above the horizon.
    pub above: f32,
    /// Share of the frame that the subject fills.
    pub fill: f32,
    /// Lifts the subject in the frame (share of its height).
    pub lift: f32,
}

impl Default for View {
    fn default() -> Self {
        Self { around: 24.0, above: 13.0, fill: 0.74, lift: 0.0 }
    }
}

/// Backdrop: paper at the top and at the bottom of the frame, sRGB.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    pub top: u32,
    pub bottom: u32,
}

impl Default for Paper {
    fn default() -> Self {
        Self { top: 0xF6F2EC, bottom: 0xFBF9F6 }
    }
}

#[derive(Debug)]
pub struct Studio {
    pub lights: [Softbox; 3],
    pub paper: Paper,
    /// Linear colour that the floor throws back on the subject.
    pub bounce: Vec3,
    pub floor: bool,
    eye: Vec3,
    forward: Vec3,
    right: Vec3,
    up: Vec3,
    shift: Vec2,
}

/// tan of half the vertical angle of view (a 105 mm lens on full frame).
const HALF_VIEW: f32 = 0.19;
/// Width over height.
pub const ASPECT: f32 = 0.8;

impl Studio {
    #[must_use]
    pub fn around(model: &Model, view: View, paper: Paper, floor: bool) -> Self {
        let (low, high) = model.bounds();
        let (centre, radius) = ((low + high) / 2.0, (high - low).length() / 2.0);
        let (yaw, pitch) = (view.around.to_radians(), view.above.to_radians());
        let toward = Vec3::new(yaw.sin() * pitch.cos(), pitch.sin(), yaw.cos() * pitch.cos());
        let side = Vec3::new(yaw.cos(), 0.0, -yaw.sin());
        // The lights go with the camera, so that each picture of the shop has the same light from the same side.
        let put = |x: f32, y: f32, z: f32| {
            let ahead = Vec3::new(yaw.sin(), 0.0, yaw.cos());
            Vec3::new(centre.x, low.y, centre.z) + (side * x + Vec3::Y * y + ahead * z) * radius
        };
        let warm = Vec3::new(1.0, 0.965, 0.91);
        let cool = Vec3::new(0.93, 0.97, 1.0);
        let lights = [
            Softbox::new(put(-2.7, 3.5, 2.3), centre, Vec2::new(1.35, 1.35) * radius, warm * 9.0),
            Softbox::new(put(3.3, 1.7, 1.0), centre, Vec2::new(0.75, 1.7) * radius, cool * 3.4),
            Softbox::new(put(0.9, 3.4, -2.6), centre, Vec2::new(1.7, 0.55) * radius, warm * 6.5),
        ];
        let mut studio = Self {
            lights,
            paper,
            bounce: hex(paper.bottom) * 0.74,
            floor,
            eye: centre,
            forward: -toward,
            right: side,
            up: side.cross(-toward),
            shift: Vec2::ZERO,
        };
        studio.frame(model, centre, radius, view);
        studio
    }

    /// Steps back until the subject fills its share of the frame, then centres it by shifting the lens.
    fn frame(&mut self, model: &Model, centre: Vec3, radius: f32, view: View) {
        let mut distance = radius * 6.0;
        for _ in 0..8 {
            self.eye = centre - self.forward * distance;
            let (low, high) = self.outline(model);
            let size = (high - low) / 2.0;
            let fills = (size.x / ASPECT).max(size.y);
            distance *= fills / view.fill;
        }
        self.eye = centre - self.forward * distance;
        let (low, high) = self.outline(model);
        self.shift = (low + high) / 2.0 - Vec2::new(0.0, view.lift);
    }

    fn outline(&self, model: &Model) -> (Vec2, Vec2) {
        let points = model.parts.iter().flat_map(|part| &part.positions);
        points.fold((Vec2::splat(f32::MAX), Vec2::splat(f32::MIN)), |(low, high), p| {
            let d = *p - self.eye;
            let depth = d.dot(self.forward).max(1e-3) * HALF_VIEW;
            let q = Vec2::new(d.dot(self.right), d.dot(self.up)) / depth;
            (low.min(q), high.max(q))
        })
    }

    /// The ray through a point of the frame: x right and y down in `0.0..1.0`.
    #[must_use]
    pub fn ray(&self, x: f32, y: f32) -> Ray {
        let p = Vec2::new((2.0 * x - 1.0) * ASPECT, 1.0 - 2.0 * y) + self.shift;
        let direction = self.forward + (self.right * p.x + self.up * p.y) * HALF_VIEW;
        Ray { origin: self.eye, direction: direction.normalize() }
    }

    /// What a reflected or scattered ray sees of the room itself: paper behind the subject, a dim room before it.
    #[must_use]
    pub fn room(&self, direction: Vec3) -> Vec3 {
        let behind = direction.dot(Vec3::new(self.forward.x, 0.0, self.forward.z).normalize());
        let paper = crate::noise::ramp(0.15, 0.75, behind) * crate::noise::ramp(0.95, 0.2, direction.y);
        let dim = 0.13 + 0.22 * crate::noise::ramp(0.0, 1.0, direction.y);
        self.bounce * (dim + 0.62 * paper)
    }

    /// Linear colour of the bare backdrop at a height of the frame (0 top … 1 bottom).
    #[must_use]
    pub fn backdrop(&self, x: f32, y: f32) -> Vec3 {
        let t = crate::noise::ramp(0.1, 0.95, y);
        let vignette = Vec2::new((x - 0.5) * 0.9, y - 0.45).length_squared();
        hex(self.paper.top).lerp(hex(self.paper.bottom), t) * (1.0 - 0.10 * vignette)
    }
}
