//! From negative to picture: takes out the noise, sets the tones, lays the subject on the paper.

use glam::Vec3;

use crate::exposure::{Grain, Negative};
use crate::studio::Studio;

/// RGB, 8 bits, sRGB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// WebP at a quality of 0–100, by libwebp.
    #[must_use]
    pub fn webp(&self, quality: f32) -> Vec<u8> {
        webp::Encoder::from_rgb(&self.pixels, self.width as u32, self.height as u32).encode(quality).to_vec()
    }
}

#[must_use]
pub fn develop(mut negative: Negative, studio: &Studio) -> Picture {
    for reach in [1, 2, 4, 8] {
        smooth(&mut negative, reach);
    }
    let mut pixels = Vec::with_capacity(negative.width * negative.height * 3);
    for (i, grain) in negative.grains.iter().enumerate() {
        let x = ((i % negative.width) as f32 + 0.5) / negative.width as f32;
        let y = ((i / negative.width) as f32 + 0.5) / negative.height as f32;
        // Shadows on warm paper are warm: their blue goes first.
        let shade = grain.shade.clamp(Vec3::ZERO, Vec3::ONE);
        let shade = Vec3::new(shade.x.powf(0.94), shade.y.powf(1.0), shade.z.powf(1.05));
        let paper = studio.backdrop(x, y) * shade;
        let colour = paper.lerp(tone(grain.light), grain.cover);
        let dither = crate::chance::Chance::new(i as u64 ^ 0xD17).unit() - 0.5;
        pixels.extend(colour.to_array().map(|c| quantise(c, dither)));
    }
    Picture { width: negative.width, height: negative.height, pixels }
}

/// Keeps dark and middle tones, rolls bright ones off as film does.
fn tone(light: Vec3) -> Vec3 {
    let curve = |x: f32| {
        let x = x * 1.06;
        let x = x * (0.86 + 0.14 * crate::noise::ramp(0.0, 0.35, x));
        if x < 0.55 { x } else { 0.55 + 0.45 * (1.0 - (-(x - 0.55) / 0.45).exp()) }
    };
    Vec3::new(curve(light.x), curve(light.y), curve(light.z))
}

fn quantise(linear: f32, dither: f32) -> u8 {
    let c = linear.clamp(0.0, 1.0);
    let s = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    #[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "clamped to the byte's range")]
    let byte = (s * 255.0 + 0.5 + dither * 0.6).clamp(0.0, 255.0) as u8;
    byte
}

/// One pass of an à-trous filter that stops at edges of colour and form, and where the light differs by more than its
/// noise explains (Schied 2017, without time).
fn smooth(negative: &mut Negative, reach: usize) {
    const KERNEL: [f32; 3] = [0.375, 0.25, 0.0625];
    let (width, height) = (negative.width as isize, negative.height as isize);
    let source = &negative.grains;
    let luma = |g: &Grain| g.light.dot(Vec3::new(0.3, 0.6, 0.1));
    let filtered = |x: isize, y: isize| {
        let centre = &source[(y * width + x) as usize];
        let (mut light, mut noise, mut total) = (Vec3::ZERO, 0.0, 0.0);
        let (mut shade, mut shade_noise, mut shade_total) = (Vec3::ZERO, 0.0, 0.0);
        // A point's own few samples guess its noise badly; its neighbourhood guesses it well.
        let (mut around, mut around_shade, mut counted) = (0.0, 0.0, 0.0);
        for dy in -2..=2_isize {
            for dx in -2..=2_isize {
                let (sx, sy) = ((x + dx).clamp(0, width - 1), (y + dy).clamp(0, height - 1));
                let other = &source[(sy * width + sx) as usize];
                around += other.noise;
                around_shade += other.shade_noise;
                counted += 1.0;
            }
        }
        let tolerance = 7.0 * (around / counted).max(centre.noise) + 2e-5;
        let shade_tolerance = 14.0 * (around_shade / counted).max(centre.shade_noise) + 4e-5;
        for dy in -2..=2_isize {
            for dx in -2..=2_isize {
                let (sx, sy) = (x + dx * reach as isize, y + dy * reach as isize);
                if sx < 0 || sy < 0 || sx >= width || sy >= height {
                    continue;
                }
                let other = &source[(sy * width + sx) as usize];
                let kernel = KERNEL[dx.unsigned_abs()] * KERNEL[dy.unsigned_abs()];
                if centre.cover > 0.0 && other.cover > 0.0 {
                    let form = (centre.normal - other.normal).length_squared() / 0.012;
                    let colour = (centre.base - other.base).length_squared() / 0.003;
                    let bright = (luma(centre) - luma(other)).powi(2) / (tolerance + 3.0 * other.noise);
                    let w = kernel * (-(form + colour + bright)).exp() * other.cover;
                    light += other.light * w;
                    noise += other.noise * w * w;
                    total += w;
                }
                if centre.cover < 1.0 && other.cover < 1.0 {
                    let d = (centre.shade.y - other.shade.y).powi(2) / (shade_tolerance + 6.0 * other.shade_noise);
                    let w = kernel * (-d).exp() * (1.0 - other.cover);
                    shade += other.shade * w;
                    shade_noise += other.shade_noise * w * w;
                    shade_total += w;
                }
            }
        }
        let mut out = *centre;
        if total > 1e-6 {
            out.light = light / total;
            out.noise = noise / (total * total);
        }
        if shade_total > 1e-6 {
            out.shade = shade / shade_total;
            out.shade_noise = shade_noise / (shade_total * shade_total);
        }
        out
    };
    let mut result = vec![Grain::default(); source.len()];
    let half = height / 2;
    let (upper, lower) = result.split_at_mut((half * width) as usize);
    let fill = |part: &mut [Grain], from: isize| {
        for (i, grain) in part.iter_mut().enumerate() {
            *grain = filtered(i as isize % width, from + i as isize / width);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| fill(upper, 0));
        fill(lower, half);
    });
    negative.grains = result;
}
