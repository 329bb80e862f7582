//! Colour and fine relief over a surface, worked out where a ray lands.

use glam::{Vec2, Vec3};

use crate::material::{Colour, hex};
use crate::noise;

#[derive(Debug, Clone, Copy)]
pub enum Pattern {
    Plain,
    /// Slow clouds of light and dark, as in dyed hide.
    Mottled {
        scale: f32,
        depth: f32,
    },
    /// Amber and dark brown, as in acetate.
    Tortoise {
        scale: f32,
    },
    /// Light and dark strands along v.
    Strands {
        depth: f32,
    },
    /// The printed silk square; each names its palette: ground, border, motif, accent.
    Carre {
        ground: u32,
        border: u32,
        motif: u32,
        accent: u32,
    },
    /// Wood rings about y.
    Wood {
        dark: u32,
    },
    /// A check over uv.
    Check {
        other: u32,
        repeat: f32,
    },
    /// Dial marks of a watch over uv, from the middle out.
    Dial {
        mark: u32,
    },
}

#[derive(Debug, Clone, Copy)]
pub enum Grain {
    None,
    Leather {
        scale: f32,
        depth: f32,
    },
    Fuzz {
        scale: f32,
        depth: f32,
    },
    /// Diagonal ribs of gabardine, over position.
    Twill {
        scale: f32,
        depth: f32,
    },
    /// Fine lines around the y axis or along x: brushed metal.
    Brushed {
        scale: f32,
        depth: f32,
    },
    /// Fine lines along v: hair, pleats.
    Lines {
        count: f32,
        depth: f32,
    },
    /// Diamonds, padded.
    Quilted {
        scale: f32,
        depth: f32,
    },
    /// Slow unevenness: hand-blown glass, poured powder.
    Waves {
        scale: f32,
        depth: f32,
    },
}

/// Colour at a point of a surface.
#[must_use]
pub fn colour(pattern: Pattern, base: Colour, at: Vec3, uv: Vec2) -> Colour {
    match pattern {
        Pattern::Plain => base,
        Pattern::Mottled { scale, depth } => base * (1.0 - depth + 2.0 * depth * noise::layered(at * scale, 3)),
        Pattern::Tortoise { scale } => {
            let warp = Vec3::new(noise::value(at * scale * 1.3), noise::value(at * scale * 1.7 + 9.0), 0.0);
            let n = noise::layered(at * scale + warp * 1.6, 3);
            hex(0x2A1208).lerp(hex(0xB4702C), noise::ramp(0.42, 0.66, n))
        }
        Pattern::Strands { depth } => {
            let coarse = noise::value(Vec3::new(uv.x * 40.0, uv.y * 1.5, 0.0));
            let fine = noise::value(Vec3::new(uv.x * 170.0, uv.y * 2.5, 5.0));
            base * (1.0 - depth + 2.0 * depth * (0.55 * coarse + 0.45 * fine))
        }
        Pattern::Carre { ground, border, motif, accent } => {
            carre(uv, hex(ground), hex(border), hex(motif), hex(accent))
        }
        Pattern::Wood { dark } => {
            let r = Vec2::new(at.x, at.z).length() * 9.0 + noise::layered(at * Vec3::new(2.0, 0.4, 2.0), 2) * 6.0;
            hex(dark).lerp(base, 0.35 + 0.65 * (0.5 + 0.5 * (r * 2.2).sin()))
        }
        Pattern::Check { other, repeat } => {
            let bar = |t: f32| noise::ramp(0.0, 0.02, (t * repeat).fract() - 0.72);
            base.lerp(hex(other), 0.5 * bar(uv.x) + 0.5 * bar(uv.y))
        }
        Pattern::Dial { mark } => dial(uv, base, hex(mark)),
    }
}

fn dial(uv: Vec2, base: Colour, mark: Colour) -> Colour {
    // uv.x runs around, uv.y from the middle to the rim.
    let hour = (uv.x * 12.0 + 0.5).fract() - 0.5;
    let minute = (uv.x * 60.0 + 0.5).fract() - 0.5;
    let baton = hour.abs() < 0.055 && (0.70..0.86).contains(&uv.y);
    let tick = minute.abs() < 0.09 && (0.91..0.945).contains(&uv.y);
    if baton || tick { mark } else { base * (1.0 - 0.15 * uv.y) }
}

fn carre(uv: Vec2, ground: Colour, border: Colour, motif: Colour, accent: Colour) -> Colour {
    let p = uv * 2.0 - 1.0;
    let edge = p.abs().max_element();
    if edge > 0.975 {
        return motif;
    }
    if edge > 0.80 {
        // A border of running scallops between two fine lines.
        if (0.80..0.815).contains(&edge) || (0.955..0.965).contains(&edge) {
            return accent;
        }
        let along = if p.x.abs() > p.y.abs() { p.y } else { p.x };
        let wave = 0.885 + 0.035 * (along * 42.0).sin();
        return if (edge - wave).abs() < 0.011 { ground } else { border };
    }
    // Mirrored botanical arabesques around a medallion.
    let q = p.abs();
    let r = p.length();
    let angle = p.y.atan2(p.x);
    let petals = 0.19 + 0.055 * (angle * 8.0).cos().abs();
    if r < 0.055 {
        return accent;
    }
    if r < petals {
        return if r > petals - 0.022 {
            accent
        } else {
            motif.lerp(ground, 0.25 + 0.5 * ((angle * 16.0).cos() * 0.5 + 0.5))
        };
    }
    if (r - 0.33).abs() < 0.012 || (r - 0.37).abs() < 0.005 {
        return border;
    }
    let mut best = ground;
    for (i, (cx, cy, size)) in [(0.56, 0.56, 0.19), (0.66, 0.22, 0.115), (0.22, 0.66, 0.115)].into_iter().enumerate() {
        let d = q - Vec2::new(cx, cy);
        let a = d.y.atan2(d.x) + i as f32;
        let len = d.length();
        let flower = size * (0.66 + 0.34 * (a * 2.5).cos().abs());
        if len < size * 0.2 {
            return accent;
        }
        if len < flower {
            best = if len > flower * 0.86 { border } else { motif.lerp(accent, 0.35 * (1.0 - len / flower)) };
        }
    }
    if best == ground {
        let stem = (q.x * 9.0 + (q.y * 7.0).sin() * 1.4).sin() * (q.y * 9.0 + (q.x * 7.0).sin() * 1.4).sin();
        if r > 0.40 && stem.abs() < 0.07 {
            return border.lerp(ground, 0.35);
        }
        if r > 0.42 && stem > 0.82 {
            return accent;
        }
    }
    best
}

/// Height of the relief; its slope tilts the normal.
fn height(grain: Grain, at: Vec3, uv: Vec2) -> f32 {
    match grain {
        Grain::None => 0.0,
        Grain::Leather { scale, depth } => {
            let (first, second) = noise::cells(at * scale);
            depth / scale * noise::ramp(0.0, 0.32, second - first)
        }
        Grain::Fuzz { scale, depth } => depth / scale * noise::layered(at * scale, 2),
        Grain::Twill { scale, depth } => {
            let along = at.x + at.z * 0.6 + at.y * 1.1;
            let across = at.y - at.x;
            depth / scale * ((along * scale * std::f32::consts::TAU).sin() * 0.14 + 0.03 * (across * scale * 9.0).sin())
        }
        Grain::Brushed { scale, depth } => {
            depth / scale * noise::value(Vec3::new(at.y * scale, (at.x + at.z) * 0.7, 1.0))
        }
        Grain::Lines { count, depth } => depth / count * noise::value(Vec3::new(uv.x * count, uv.y * 3.0, 2.0)),
        Grain::Quilted { scale, depth } => {
            let (a, b) = ((at.x + at.y) * scale, (at.x - at.y) * scale);
            let dome = ((a * std::f32::consts::PI).sin() * (b * std::f32::consts::PI).sin()).abs();
            depth / scale * dome.powf(0.45)
        }
        Grain::Waves { scale, depth } => depth / scale * noise::layered(at * scale, 2),
    }
}

/// The normal, tilted by the relief.
#[must_use]
pub fn tilt(grain: Grain, normal: Vec3, at: Vec3, uv: Vec2, du: Vec3) -> Vec3 {
    if let Grain::None = grain {
        return normal;
    }
    if let Grain::Lines { count, .. } = grain {
        // Across the lines is along u, whose direction in space the mesh knows.
        let e = 0.25 / count;
        let slope = height(grain, at, uv + Vec2::new(e, 0.0)) - height(grain, at, uv - Vec2::new(e, 0.0));
        return (normal - du.normalize_or_zero() * slope / (2.0 * e)).normalize_or(normal);
    }
    let (a, b) = normal.any_orthonormal_pair();
    let e = match grain {
        Grain::Leather { scale, .. } | Grain::Fuzz { scale, .. } | Grain::Twill { scale, .. } => 0.06 / scale,
        Grain::Brushed { scale, .. } | Grain::Quilted { scale, .. } | Grain::Waves { scale, .. } => 0.05 / scale,
        Grain::None | Grain::Lines { .. } => return normal,
    };
    let slope = |d: Vec3| (height(grain, at + d * e, uv) - height(grain, at - d * e, uv)) / (2.0 * e);
    (normal - a * slope(a) - b * slope(b)).normalize_or(normal)
}
