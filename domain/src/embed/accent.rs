//! The colour of a partner: only one that can be read with.

use std::fmt;

/// The least contrast of text with what is behind it (WCAG 2.2, success criterion 1.4.3).
const LEAST: f64 = 4.5;
const WHITE: f64 = 1.0;

/// A colour that white text on it, and text of it on white, can be read: at least 4.5 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Accent([u8; 3]);

/// Why a colour is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// It is not `#` and six hexadecimal digits.
    Form,
    /// It is too light; this darker shade of it is not.
    Contrast(Accent),
}

impl Accent {
    /// The colour that is written like this, where it can be read with.
    pub(super) fn read(raw: &str) -> Result<Self, Problem> {
        let color = Self::stored(raw.trim()).ok_or(Problem::Form)?;
        if color.contrast() >= LEAST {
            Ok(color)
        } else {
            Err(Problem::Contrast(color.darkened()))
        }
    }

    /// The colour as it is stored.
    pub(super) fn stored(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Red, green and blue (sRGB).
    pub fn channels(self) -> [u8; 3] {
        self.0
    }

    /// How it stands out against white, 1 to 21.
    fn contrast(self) -> f64 {
        (WHITE + 0.05) / (self.luminance() + 0.05)
    }

    /// Its relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The lightest shade of the same hue that can be read with.
    fn darkened(self) -> Self {
        let shade = |parts: u16| {
            Self(self.0.map(|channel| {
                let scaled = u16::from(channel) * parts / 256;
                u8::try_from(scaled).unwrap_or(channel)
            }))
        };
        (0..=256)
            .rev()
            .map(shade)
            .find(|shade| shade.contrast() >= LEAST)
            .unwrap_or(Self([0; 3]))
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_color_is_six_digits_and_is_written_one_way() {
        assert_eq!(Accent::read(" #00529C ").unwrap().to_string(), "#00529c");
        for raw in [
            "", "#", "00529c", "#00529", "#00529cc", "#00529g", "blue", "#é12345",
        ] {
            assert_eq!(Accent::read(raw), Err(Problem::Form), "{raw}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guideline() {
        assert!((Accent([0; 3]).contrast() - 21.0).abs() < 1e-9);
        assert!((Accent([255; 3]).contrast() - 1.0).abs() < 1e-9);
        // The grey that is known to be just enough, and the next one.
        assert!(Accent::read("#767676").is_ok());
        assert!(Accent::read("#777777").is_err());
    }

    proptest! {
        #[test]
        fn what_is_proposed_would_pass_and_is_of_the_same_hue(channels: [u8; 3]) {
            match Accent::read(&Accent(channels).to_string()) {
                Ok(taken) => prop_assert_eq!(taken, Accent(channels)),
                Err(Problem::Contrast(proposed)) => {
                    prop_assert_eq!(Accent::read(&proposed.to_string()), Ok(proposed));
                    for pair in [(0, 1), (1, 2), (0, 2)] {
                        let order = |of: [u8; 3]| of[pair.0].cmp(&of[pair.1]);
                        let (before, after) = (order(channels), order(proposed.0));
                        prop_assert!(before == after || after.is_eq());
                    }
                }
                Err(Problem::Form) => prop_assert!(false, "it was written by us"),
            }
        }
    }
}
