//! The generator MT19937, as M. Matsumoto and T. Nishimura describe it.

use num_bigint::BigUint;

/// The number of words of the state.
pub(super) const STATE: usize = 624;
const AHEAD: usize = 397;

/// The state of a generator.
#[derive(Clone, Debug)]
pub(super) struct Twister {
    /// As many words as [`STATE`] says.
    pub(super) words: Vec<u32>,
    /// The word to be given next; at the end new words are made.
    pub(super) position: usize,
}

impl Twister {
    fn of_number(seed: u32) -> Self {
        let mut words = vec![seed];
        for at in 1..STATE {
            let last = words.last().copied().unwrap_or_default();
            let mixed = (last ^ last >> 30).wrapping_mul(1_812_433_253);
            words.push(mixed.wrapping_add(at as u32));
        }
        Self { words, position: STATE }
    }

    /// A generator seeded by any number of words.
    pub(super) fn seeded(key: &[u32]) -> Self {
        let key = if key.is_empty() { &[0][..] } else { key };
        let mut twister = Self::of_number(19_650_218);
        let (mut at, mut key_at) = (1, 0);
        let words = &mut twister.words;
        let wrap = |words: &mut Vec<u32>, at: &mut usize| {
            *at += 1;
            if *at >= STATE {
                words[0] = words[STATE - 1];
                *at = 1;
            }
        };
        for _ in 0..STATE.max(key.len()) {
            let last = words[at - 1];
            let mixed = words[at] ^ (last ^ last >> 30).wrapping_mul(1_664_525);
            words[at] = mixed.wrapping_add(key[key_at]).wrapping_add(key_at as u32);
            wrap(words, &mut at);
            key_at = (key_at + 1) % key.len();
        }
        for _ in 1..STATE {
            let last = words[at - 1];
            let mixed = words[at] ^ (last ^ last >> 30).wrapping_mul(1_566_083_941);
            words[at] = mixed.wrapping_sub(at as u32);
            wrap(words, &mut at);
        }
        words[0] = 0x8000_0000;
        twister
    }

    fn renew(&mut self) {
        for at in 0..STATE {
            let both = self.words[at] & 0x8000_0000 | self.words[(at + 1) % STATE] & 0x7fff_ffff;
            let odd = if both & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[at] = self.words[(at + AHEAD) % STATE] ^ both >> 1 ^ odd;
        }
        self.position = 0;
    }

    fn word(&mut self) -> u32 {
        if self.position >= STATE {
            self.renew();
        }
        let mut word = self.words[self.position];
        self.position += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }

    /// A float from 0 up to 1, of 53 bits.
    pub(super) fn float(&mut self) -> f64 {
        let (high, low) = (self.word() >> 5, self.word() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    /// A number of so many bits.
    pub(super) fn bits(&mut self, bits: u32) -> BigUint {
        let mut words = Vec::new();
        let mut left = bits;
        while left > 0 {
            let word = self.word();
            words.push(if left < 32 { word >> (32 - left) } else { word });
            left = left.saturating_sub(32);
        }
        BigUint::new(words)
    }
}
