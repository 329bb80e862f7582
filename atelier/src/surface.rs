//! How a surface throws light: a lacquer over a glossy layer over a diffuse one.

use std::f32::consts::PI;

use glam::Vec3;

use crate::bvh::Hit;
use crate::material::Material;
use crate::pattern;

/// A material at one point, with its colour and relief worked out.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    pub normal: Vec3,
    pub base: Vec3,
    reflect: Vec3,
    diffuse: Vec3,
    alpha: f32,
    coat: f32,
    coat_alpha: f32,
    sheen: Vec3,
}

fn luma(c: Vec3) -> f32 {
    c.dot(Vec3::new(0.2126, 0.7152, 0.0722))
}

fn schlick(f0: Vec3, cos: f32) -> Vec3 {
    f0 + (Vec3::ONE - f0) * (1.0 - cos).clamp(0.0, 1.0).powi(5)
}

/// GGX: distribution of facets.
fn facets(alpha: f32, nh: f32) -> f32 {
    let a2 = alpha * alpha;
    let d = nh * nh * (a2 - 1.0) + 1.0;
    a2 / (PI * d * d)
}

/// Smith's visibility, one direction.
fn visible(alpha: f32, cos: f32) -> f32 {
    let a2 = alpha * alpha;
    2.0 * cos / (cos + (a2 + (1.0 - a2) * cos * cos).sqrt())
}

impl Surface {
    #[must_use]
    pub fn at(material: &Material, hit: &Hit, point: Vec3, toward_eye: Vec3) -> Self {
        let mut normal = if hit.face_normal.dot(toward_eye) < 0.0 { -hit.normal } else { hit.normal };
        normal = pattern::tilt(material.grain, normal, point, hit.uv, hit.along_u);
        // A tilted or interpolated normal may look away from the eye: bring it back to the rim.
        let facing = normal.dot(toward_eye);
        if facing < 0.04 {
            normal = (normal + toward_eye * (0.04 - facing)).normalize();
        }
        let base = pattern::colour(material.pattern, material.base, point, hit.uv).max(Vec3::ZERO);
        Self {
            normal,
            base,
            reflect: Vec3::splat(material.specular).lerp(base, material.metallic),
            diffuse: base * (1.0 - material.metallic),
            alpha: (material.roughness * material.roughness).max(0.002),
            coat: material.coat,
            coat_alpha: (material.coat_roughness * material.coat_roughness).max(0.001),
            sheen: material.sheen,
        }
    }

    /// A matte surface without relief: the floor.
    #[must_use]
    pub fn plain(normal: Vec3, base: Vec3) -> Self {
        Self {
            normal,
            base,
            reflect: Vec3::ZERO,
            diffuse: base,
            alpha: 1.0,
            coat: 0.0,
            coat_alpha: 1.0,
            sheen: Vec3::ZERO,
        }
    }

    /// Chances of picking the lacquer, the gloss, the diffuse layer.
    fn shares(&self, nv: f32) -> [f32; 3] {
        let coat = self.coat * schlick(Vec3::splat(0.04), nv).x;
        let gloss = luma(schlick(self.reflect, nv)) * (1.0 - coat);
        let diffuse = luma(self.diffuse + self.sheen * 0.3) * (1.0 - coat);
        let (coat, gloss) = (if self.coat > 0.0 { coat.max(0.12) } else { 0.0 }, gloss * 1.4);
        let sum = (coat + gloss + diffuse).max(1e-6);
        [coat / sum, gloss / sum, diffuse / sum]
    }

    /// Light thrown from `wi` to `wo`, times the cosine; and the density with which [`Self::sample`] picks `wi`.
    #[must_use]
    pub fn throws(&self, wo: Vec3, wi: Vec3) -> (Vec3, f32) {
        let n = self.normal;
        let (nv, nl) = (n.dot(wo).max(1e-3), n.dot(wi));
        if nl <= 0.0 {
            return (Vec3::ZERO, 0.0);
        }
        let h = (wo + wi).normalize_or(n);
        let (nh, vh) = (n.dot(h).clamp(0.0, 1.0), wo.dot(h).clamp(1e-3, 1.0));
        let [coat_share, gloss_share, diffuse_share] = self.shares(nv);
        let layer = |alpha: f32| {
            let d = facets(alpha, nh);
            let value = d * visible(alpha, nv) * visible(alpha, nl) / (4.0 * nv);
            (value, visible(alpha, nv) * d / (4.0 * nv))
        };
        let (gloss, gloss_density) = layer(self.alpha);
        let fresnel = schlick(self.reflect, vh);
        let mut light = fresnel * gloss;
        light += self.diffuse * (Vec3::ONE - fresnel) * (nl / PI);
        light += self.sheen * ((1.0 - nv).powi(3) * nl / PI * 1.6);
        let mut density = gloss_share * gloss_density + diffuse_share * nl / PI;
        if self.coat > 0.0 {
            let (coat, coat_density) = layer(self.coat_alpha);
            let under = |cos: f32| 1.0 - self.coat * schlick(Vec3::splat(0.04), cos).x;
            light = light * under(nv) * under(nl) + Vec3::splat(self.coat * coat) * schlick(Vec3::splat(0.04), vh);
            density += coat_share * coat_density;
        }
        (light, density)
    }

    /// A direction for the next ray, from three numbers in `0.0..1.0`.
    #[must_use]
    pub fn sample(&self, wo: Vec3, pick: f32, u: f32, v: f32) -> Option<Vec3> {
        let n = self.normal;
        let [coat, gloss, _] = self.shares(n.dot(wo).max(1e-3));
        let (a, b) = n.any_orthonormal_pair();
        let wi = if pick < coat + gloss {
            let alpha = if pick < coat { self.coat_alpha } else { self.alpha };
            let local = Vec3::new(wo.dot(a), wo.dot(b), wo.dot(n).max(1e-3));
            let h = visible_facet(local, alpha, u, v);
            let h = a * h.x + b * h.y + n * h.z;
            h * (2.0 * wo.dot(h)) - wo
        } else {
            let (r, turn) = (u.sqrt(), v * 2.0 * PI);
            a * (r * turn.cos()) + b * (r * turn.sin()) + n * (1.0 - u).max(0.0).sqrt()
        };
        (wi.dot(n) > 1e-4).then(|| wi.normalize())
    }
}

/// Heitz 2018: a facet that can be seen from `v`.
fn visible_facet(v: Vec3, alpha: f32, u1: f32, u2: f32) -> Vec3 {
    let vh = Vec3::new(alpha * v.x, alpha * v.y, v.z).normalize();
    let side = vh.x * vh.x + vh.y * vh.y;
    let t1 = if side > 1e-9 { Vec3::new(-vh.y, vh.x, 0.0) / side.sqrt() } else { Vec3::X };
    let t2 = vh.cross(t1);
    let (r, phi) = (u1.sqrt(), 2.0 * PI * u2);
    let p1 = r * phi.cos();
    let s = 0.5 * (1.0 + vh.z);
    let p2 = (1.0 - s) * (1.0 - p1 * p1).max(0.0).sqrt() + s * r * phi.sin();
    let nh = t1 * p1 + t2 * p2 + vh * (1.0 - p1 * p1 - p2 * p2).max(0.0).sqrt();
    Vec3::new(alpha * nh.x, alpha * nh.y, nh.z.max(1e-4)).normalize()
}
