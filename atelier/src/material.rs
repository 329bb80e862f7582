//! What a surface is made of, in the terms of glTF's metallic-roughness model and its extensions.

use glam::Vec3;

use crate::pattern::{Grain, Pattern};

/// Linear colour.
pub type Colour = Vec3;

/// Linear colour from an sRGB hex value such as `0xFAF8F5`.
#[must_use]
pub fn hex(rgb: u32) -> Colour {
    let channel = |shift: u32| {
        let c = ((rgb >> shift) & 0xFF) as f32 / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    Vec3::new(channel(16), channel(8), channel(0))
}

#[derive(Debug, Clone)]
pub struct Material {
    pub base: Colour,
    /// 0 dielectric, 1 metal.
    pub metallic: f32,
    /// 0 mirror … 1 chalk (GGX alpha is its square).
    pub roughness: f32,
    /// Reflectance of a dielectric at normal incidence; 0.04 is glass, leather, paint.
    pub specular: f32,
    /// Weight of a clear, sharp lacquer over everything.
    pub coat: f32,
    pub coat_roughness: f32,
    /// Soft light at grazing angles: velvet, wool, silk.
    pub sheen: Colour,
    /// Some(absorption per unit) for glass and liquids: the ray goes through.
    pub clear: Option<Vec3>,
    pub pattern: Pattern,
    pub grain: Grain,
}

impl Material {
    #[must_use]
    pub fn matte(base: Colour) -> Self {
        Self {
            base,
            metallic: 0.0,
            roughness: 0.8,
            specular: 0.03,
            coat: 0.0,
            coat_roughness: 0.08,
            sheen: Vec3::ZERO,
            clear: None,
            pattern: Pattern::Plain,
            grain: Grain::None,
        }
    }

    /// Pebbled calf: soft highlights broken up by the grain.
    #[must_use]
    pub fn leather(base: Colour) -> Self {
        Self {
            roughness: 0.42,
            specular: 0.045,
            coat: 0.25,
            coat_roughness: 0.34,
            pattern: Pattern::Mottled { scale: 1.6, depth: 0.07 },
            grain: Grain::Leather { scale: 30.0, depth: 0.085 },
            ..Self::matte(base)
        }
    }

    /// Smooth box calf with a light polish.
    #[must_use]
    pub fn box_calf(base: Colour) -> Self {
        Self {
            roughness: 0.30,
            coat: 0.35,
            coat_roughness: 0.22,
            pattern: Pattern::Mottled { scale: 2.2, depth: 0.12 },
            grain: Grain::Leather { scale: 60.0, depth: 0.05 },
            ..Self::matte(base)
        }
    }

    #[must_use]
    pub fn patent(base: Colour) -> Self {
        Self { roughness: 0.35, coat: 1.0, coat_roughness: 0.07, ..Self::matte(base) }
    }

    #[must_use]
    pub fn suede(base: Colour) -> Self {
        Self {
            roughness: 0.95,
            sheen: base * 0.6 + Vec3::splat(0.02),
            pattern: Pattern::Mottled { scale: 5.0, depth: 0.16 },
            grain: Grain::Fuzz { scale: 70.0, depth: 0.5 },
            ..Self::matte(base)
        }
    }

    /// Silk satin: broad, bright highlights that follow the folds.
    #[must_use]
    pub fn silk(base: Colour) -> Self {
        Self { roughness: 0.38, specular: 0.09, sheen: base * 0.5 + Vec3::splat(0.03), ..Self::matte(base) }
    }

    #[must_use]
    pub fn cotton(base: Colour) -> Self {
        Self {
            roughness: 0.85,
            sheen: base * 0.25,
            grain: Grain::Twill { scale: 34.0, depth: 0.35 },
            ..Self::matte(base)
        }
    }

    #[must_use]
    pub fn metal(base: Colour, roughness: f32) -> Self {
        Self { metallic: 1.0, roughness, ..Self::matte(base) }
    }

    #[must_use]
    pub fn gold() -> Self {
        Self::metal(Vec3::new(0.93, 0.68, 0.34), 0.16)
    }

    #[must_use]
    pub fn pale_gold() -> Self {
        Self::metal(Vec3::new(0.92, 0.76, 0.52), 0.18)
    }

    #[must_use]
    pub fn silver() -> Self {
        Self::metal(Vec3::new(0.90, 0.89, 0.87), 0.15)
    }

    /// Lacquer, varnished plastic, nail polish in the bottle.
    #[must_use]
    pub fn lacquer(base: Colour) -> Self {
        Self { roughness: 0.4, coat: 1.0, coat_roughness: 0.04, ..Self::matte(base) }
    }

    /// Glass or liquid; `absorb` is per unit of length, per channel.
    #[must_use]
    pub fn glass(absorb: Vec3) -> Self {
        Self { roughness: 0.0, clear: Some(absorb), specular: 0.04, ..Self::matte(Vec3::ONE) }
    }

    #[must_use]
    pub fn pearl() -> Self {
        Self {
            roughness: 0.30,
            specular: 0.08,
            coat: 0.8,
            coat_roughness: 0.12,
            sheen: Vec3::new(0.30, 0.22, 0.26),
            ..Self::matte(Vec3::new(0.84, 0.79, 0.74))
        }
    }

    /// Hair: the highlight runs across the strands, which the strands' own roundness makes.
    #[must_use]
    pub fn hair(base: Colour) -> Self {
        Self {
            roughness: 0.36,
            specular: 0.055,
            sheen: base * 0.35,
            pattern: Pattern::Strands { depth: 0.45 },
            ..Self::matte(base)
        }
    }

    #[must_use]
    pub fn with_pattern(mut self, pattern: Pattern) -> Self {
        self.pattern = pattern;
        self
    }

    #[must_use]
    pub fn with_grain(mut self, grain: Grain) -> Self {
        self.grain = grain;
        self
    }

    #[must_use]
    pub fn with_roughness(mut self, roughness: f32) -> Self {
        self.roughness = roughness;
        self
    }
}
