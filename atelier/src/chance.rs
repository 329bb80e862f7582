//! Seeded randomness for sampling and for the small irregularities of made things.

/// PCG-XSH-RR, one stream per pixel: pictures do not depend on how the rows were shared between threads.
#[derive(Debug, Clone)]
pub struct Chance {
    state: u64,
}

impl Chance {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut chance = Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x853C_49E6_748F_EA9B };
        chance.bits();
        chance.bits();
        chance
    }

    pub fn bits(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[expect(clippy::cast_possible_truncation, reason = "the generator keeps the high bits on purpose")]
        let mixed = (((old >> 18) ^ old) >> 27) as u32;
        mixed.rotate_right((old >> 59) as u32)
    }

    /// In `0.0..1.0`.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / 16_777_216.0
    }

    /// In `low..high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }
}
