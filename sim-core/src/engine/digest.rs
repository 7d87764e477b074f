//! The running fingerprint of a run.

use crate::outcome::Digest;

impl Digest {
    /// Takes in one more number; the order counts.
    pub fn add(&mut self, number: u64) {
        // FNV-1a on whole words, rotated so that high bits reach low ones.
        self.0 = (self.0 ^ number).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_value_count() {
        let of = |numbers: &[u64]| {
            let mut digest = Digest::default();
            numbers.iter().for_each(|number| digest.add(*number));
            digest
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[1]), of(&[1, 0]));
    }
}
