//! Takes the picture: follows light from the eye back to the lamps.

use std::sync::atomic::{AtomicUsize, Ordering};

use glam::Vec3;

use crate::bvh::{Ray, Scene};
use crate::chance::Chance;
use crate::studio::Studio;
use crate::surface::Surface;

/// One point of the negative. The subject and the shadow that it throws on the paper are kept apart, so that the
/// paper stays exactly the shop's paper.
#[derive(Debug, Clone, Copy, Default)]
pub struct Grain {
    /// Mean light of the subject where it covers.
    pub light: Vec3,
    /// Variance of the mean of its luminance.
    pub noise: f32,
    /// Share of the point that the subject covers.
    pub cover: f32,
    pub base: Vec3,
    pub normal: Vec3,
    /// Light on the paper, as a share of what would be there without the subject.
    pub shade: Vec3,
    pub shade_noise: f32,
}

#[derive(Debug)]
pub struct Negative {
    pub width: usize,
    pub height: usize,
    pub grains: Vec<Grain>,
}

/// Rays go no farther than this many meetings with a surface.
const MEETINGS: usize = 5;
const MEETINGS_GLASS: usize = 14;
/// One path adds no more light than this: a rare bright path would leave a speck.
const CEILING: f32 = 9.0;

/// Exposes `width` × `height` points with up to `samples` paths each, on all cores.
#[must_use]
pub fn expose(scene: &Scene<'_>, studio: &Studio, width: usize, height: usize, samples: u32) -> Negative {
    let mut grains = vec![Grain::default(); width * height];
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let rows: Vec<_> = grains.chunks_mut(width).map(std::sync::Mutex::new).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let y = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(y) else { break };
                    let mut row = row.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    for x in 0..width {
                        row[x] = point(scene, studio, x, y, width, height, samples);
                    }
                }
            });
        }
    });
    drop(rows);
    Negative { width, height, grains }
}

fn point(scene: &Scene<'_>, studio: &Studio, x: usize, y: usize, width: usize, height: usize, samples: u32) -> Grain {
    let mut chance = Chance::new((y * width + x) as u64);
    let shift = [chance.unit(), chance.unit(), chance.unit(), chance.unit(), chance.unit(), chance.unit()];
    let mut grain = Grain::default();
    let (mut covered, mut bare) = (0.0_f32, 0.0_f32);
    let (mut sum, mut sum2, mut shade, mut shade2) = (0.0, 0.0, 0.0, 0.0);
    let mut darkest = 1.0_f32;
    for i in 0..samples {
        // A low-discrepancy walk: any first part of it is spread evenly over the point.
        let walk = |k: usize, step: f32| (shift[k] + i as f32 * step).fract();
        let (jx, jy) = (walk(0, 0.754_877_7), walk(1, 0.569_840_3));
        let tent = |u: f32| if u < 0.5 { (2.0 * u).sqrt() - 1.0 } else { 1.0 - (2.0 - 2.0 * u).sqrt() };
        let px = (x as f32 + 0.5 + 0.75 * tent(jx)) / width as f32;
        let py = (y as f32 + 0.5 + 0.75 * tent(jy)) / height as f32;
        let even = [walk(2, 0.754_877_7), walk(3, 0.569_840_3), walk(4, 0.819_172_5), walk(5, 0.671_043_6)];
        match follow(scene, studio, studio.ray(px, py), even, &mut chance) {
            Seen::Subject { light, base, normal } => {
                let l = light.dot(Vec3::new(0.3, 0.6, 0.1));
                grain.light += light;
                grain.base += base;
                grain.normal += normal;
                covered += 1.0;
                sum += l;
                sum2 += l * l;
            }
            Seen::Paper { share } => {
                grain.shade += share;
                bare += 1.0;
                shade += share.y;
                shade2 += share.y * share.y;
                darkest = darkest.min(share.y);
            }
        }
        if i == 9 && covered == 0.0 && darkest > 0.985 {
            break;
        }
    }
    if covered > 0.0 {
        grain.light /= covered;
        grain.base /= covered;
        grain.normal /= covered;
        grain.noise = (sum2 / covered - (sum / covered).powi(2)).max(0.0) / covered;
    }
    grain.shade = if bare > 0.0 { grain.shade / bare } else { Vec3::ONE };
    if bare > 0.0 {
        grain.shade_noise = (shade2 / bare - (shade / bare).powi(2)).max(0.0) / bare;
    }
    grain.cover = covered / (covered + bare);
    grain
}

enum Seen {
    Subject { light: Vec3, base: Vec3, normal: Vec3 },
    Paper { share: Vec3 },
}

fn floor_distance(studio: &Studio, ray: Ray) -> f32 {
    if studio.floor && ray.direction.y < -1e-4 && ray.origin.y > 0.0 {
        -ray.origin.y / ray.direction.y
    } else {
        f32::MAX
    }
}

fn follow(scene: &Scene<'_>, studio: &Studio, mut ray: Ray, even: [f32; 4], chance: &mut Chance) -> Seen {
    let first = scene.nearest(ray);
    if first.is_none() {
        let t = floor_distance(studio, ray);
        if t == f32::MAX {
            return Seen::Paper { share: Vec3::ONE };
        }
        return Seen::Paper { share: shadow(scene, studio, ray.origin + ray.direction * t, even, chance) };
    }
    let mut next = first;
    let (mut light, mut carried) = (Vec3::ZERO, Vec3::ONE);
    let (mut base, mut normal) = (Vec3::ZERO, Vec3::ZERO);
    let mut described = false;
    // Density of the last scattering; None after the eye or glass, where lamps are seen with full weight.
    let mut density: Option<f32> = None;
    let mut through_glass_only = true;
    let mut inside: Option<Vec3> = None;
    let (mut meetings, mut limit) = (0, MEETINGS);
    loop {
        let floor = floor_distance(studio, ray);
        let reach = next.as_ref().map_or(f32::MAX, |hit| hit.distance).min(floor);
        if meetings > 0
            && let Some((_, lamp, weight)) = lamp_on(studio, ray, reach, density)
        {
            light += limited(carried * lamp * weight, meetings);
            break;
        }
        if reach == f32::MAX {
            let seen = if through_glass_only { Vec3::splat(1.15) * studio.bounce } else { studio.room(ray.direction) };
            light += limited(carried * seen, meetings);
            break;
        }
        let point = ray.origin + ray.direction * reach;
        let wo = -ray.direction;
        let surface = match next {
            Some(hit) if hit.distance <= floor => {
                let material = &scene.model.parts[hit.part as usize].material;
                if let Some(absorb) = inside {
                    carried *= (-absorb * reach).exp();
                }
                if let Some(absorb) = material.clear {
                    limit = MEETINGS_GLASS;
                    let mut facing = crate::pattern::tilt(material.grain, hit.normal, point, hit.uv, hit.along_u);
                    let enters = ray.direction.dot(hit.face_normal) < 0.0;
                    if !described {
                        (base, normal, described) = (Vec3::splat(0.9), hit.normal, true);
                    }
                    facing = if enters { facing } else { -facing };
                    let (direction, refracted) = if material.specular == 0.0 {
                        (ray.direction, true)
                    } else {
                        bend(ray.direction, facing, enters, chance.unit())
                    };
                    if refracted {
                        inside = enters.then_some(absorb);
                    } else {
                        through_glass_only = false;
                    }
                    ray = Ray { origin: point + direction * 2e-4, direction };
                    density = None;
                    meetings += 1;
                    if meetings > limit {
                        break;
                    }
                    next = scene.nearest(ray);
                    continue;
                }
                Surface::at(material, &hit, point, wo)
            }
            _ if through_glass_only => {
                let share = shadow(scene, studio, point, even, chance);
                light += carried * share * studio.bounce * 1.15;
                break;
            }
            _ => Surface::plain(Vec3::Y, studio.bounce),
        };
        if !described {
            (base, normal, described) = (surface.base, surface.normal, true);
        }
        let start = point + wo * 3e-4 + surface.normal * 1e-4;
        light += limited(carried * lamps(scene, studio, &surface, start, wo, meetings, even, chance), meetings);
        meetings += 1;
        if meetings >= limit {
            break;
        }
        let (u, v) = if meetings == 1 { (even[2], even[3]) } else { (chance.unit(), chance.unit()) };
        let Some(direction) = surface.sample(wo, chance.unit(), u, v) else { break };
        let (thrown, sampled) = surface.throws(wo, direction);
        if sampled < 1e-6 {
            break;
        }
        carried *= thrown / sampled;
        let keep = carried.max_element().min(1.0);
        if meetings > 2 {
            if chance.unit() > keep {
                break;
            }
            carried /= keep.max(1e-4);
        }
        density = Some(sampled);
        through_glass_only = false;
        ray = Ray { origin: start, direction };
        next = scene.nearest(ray);
    }
    Seen::Subject { light, base, normal }
}

fn limited(light: Vec3, meetings: usize) -> Vec3 {
    if meetings == 0 {
        return light.min(Vec3::splat(24.0));
    }
    let peak = light.max_element();
    if peak > CEILING { light * (CEILING / peak) } else { light }
}

/// The lamp that a ray runs into before `reach`, with the weight of this way of finding it.
fn lamp_on(studio: &Studio, ray: Ray, reach: f32, density: Option<f32>) -> Option<(f32, Vec3, f32)> {
    let mut best: Option<(f32, Vec3, f32)> = None;
    for lamp in &studio.lights {
        if let Some((t, radiance)) = lamp.meet(ray)
            && t < reach
            && best.is_none_or(|b| t < b.0)
        {
            let solid = t * t / (lamp.area * -ray.direction.dot(lamp.facing));
            let weight = density.map_or(1.0, |d| d * d / (d * d + solid * solid));
            best = Some((t, radiance, weight));
        }
    }
    best
}

/// Light straight from the lamps: all of them where the eye looks, one by chance farther along.
#[expect(clippy::too_many_arguments, reason = "the state of one path, which has no life of its own")]
fn lamps(
    scene: &Scene<'_>,
    studio: &Studio,
    surface: &Surface,
    from: Vec3,
    wo: Vec3,
    meetings: usize,
    even: [f32; 4],
    chance: &mut Chance,
) -> Vec3 {
    let all = studio.lights.len();
    #[expect(clippy::cast_sign_loss, reason = "a share of a small count is not negative")]
    let chosen = ((chance.unit() * all as f32) as usize).min(all - 1);
    let mut light = Vec3::ZERO;
    for (i, lamp) in studio.lights.iter().enumerate() {
        let odds = if meetings == 0 { 1.0 } else { all as f32 };
        if meetings > 0 && i != chosen {
            continue;
        }
        let (u, v) = if meetings == 0 {
            ((even[0] + 0.37 * i as f32).fract(), (even[1] + 0.61 * i as f32).fract())
        } else {
            (chance.unit(), chance.unit())
        };
        let to = lamp.point(u, v) - from;
        let distance = to.length();
        let wi = to / distance;
        let cos = -wi.dot(lamp.facing);
        if cos <= 0.0 {
            continue;
        }
        let (thrown, density) = surface.throws(wo, wi);
        if thrown.max_element() <= 1e-5 {
            continue;
        }
        let passes = scene.passes(Ray { origin: from, direction: wi }, distance - 1e-3);
        if passes == 0.0 {
            continue;
        }
        let solid = distance * distance / (lamp.area * cos);
        let weight = solid * solid / (solid * solid + density * density);
        let fabric = crate::studio::Softbox::fabric(2.0 * u - 1.0, 2.0 * v - 1.0);
        light += lamp.radiance * thrown * (fabric * passes * weight * odds / solid);
    }
    light
}

/// Light on the paper with the subject there, as a share of the light without it.
fn shadow(scene: &Scene<'_>, studio: &Studio, at: Vec3, even: [f32; 4], chance: &mut Chance) -> Vec3 {
    let from = at + Vec3::Y * 2e-4;
    let (mut with, mut without) = (Vec3::ZERO, Vec3::ZERO);
    for (i, lamp) in studio.lights.iter().enumerate() {
        let (u, v) = ((even[0] + 0.37 * i as f32).fract(), (even[1] + 0.61 * i as f32).fract());
        let to = lamp.point(u, v) - from;
        let distance = to.length();
        let wi = to / distance;
        let falls = (wi.y * -wi.dot(lamp.facing)).max(0.0) * lamp.area / (distance * distance);
        let full = lamp.radiance * falls;
        without += full;
        with += full * scene.passes(Ray { origin: from, direction: wi }, distance - 1e-3);
    }
    // The room's own light, weighted by the cosine; what the subject hides, it replaces by some of its own colour.
    let (r, turn) = (even[2].sqrt(), even[3] * std::f32::consts::TAU);
    let sky = Vec3::new(r * turn.cos(), (1.0 - even[2]).max(1e-4).sqrt(), r * turn.sin());
    let ambient = studio.bounce * (std::f32::consts::PI * 0.62);
    without += ambient;
    match scene.nearest(Ray { origin: from, direction: sky }) {
        None => with += ambient,
        Some(hit) => {
            let material = &scene.model.parts[hit.part as usize].material;
            let point = from + sky * hit.distance;
            if material.clear.is_some() {
                with += ambient * 0.85;
            } else {
                let surface = Surface::at(material, &hit, point, -sky);
                let start = point - sky * 3e-4 + surface.normal * 1e-4;
                let seen = lamps(scene, studio, &surface, start, -sky, 1, even, chance);
                with += ambient * 0.04 + limited(seen, 1).min(Vec3::ONE) * 0.7;
            }
        }
    }
    with / without
}

/// Reflects or refracts at glass (index 1.5), by the odds that Fresnel gives.
fn bend(direction: Vec3, facing: Vec3, enters: bool, pick: f32) -> (Vec3, bool) {
    let cos = (-direction.dot(facing)).clamp(0.0, 1.0);
    let ratio: f32 = if enters { 1.0 / 1.48 } else { 1.48 };
    let sin2 = ratio * ratio * (1.0 - cos * cos);
    let reflected = (direction + facing * (2.0 * cos)).normalize();
    if sin2 >= 1.0 {
        return (reflected, false);
    }
    let out = (1.0 - sin2).sqrt();
    let (a, b) = (
        (cos - ratio.recip() * out) / (cos + ratio.recip() * out),
        (ratio.recip() * cos - out) / (ratio.recip() * cos + out),
    );
    let share = 0.5 * (a * a + b * b);
    if pick < share {
        return (reflected, false);
    }
    ((direction * ratio + facing * (ratio * cos - out)).normalize(), true)
}
