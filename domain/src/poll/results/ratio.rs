//! Exact fractions of counts, and the one way in which they are rounded.
//!
//! Halves are rounded away from zero: 57.5 % is 58 %, 2.25 is 2.3 and -2.25 is -2.3. Rounding
//! starts from whole counts, so that no floating-point error decides. Parts of one whole are
//! rounded together by the method of the largest remainder: they add up to 100 %.
//!
//! Sentence, table, chart, page, screen and picture all show what is rounded here.

use std::cmp::{Ordering, Reverse};

use crate::Locale;

/// A fraction of two counts; its whole is above 0.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    part: i64,
    whole: i64,
}

/// A number rounded to one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenths(i64);

impl Ratio {
    /// The fraction; none where that would divide by 0.
    pub fn new(part: i64, whole: i64) -> Option<Self> {
        (whole > 0).then_some(Self { part, whole })
    }

    /// A whole number.
    pub(super) fn whole_number(number: i64) -> Self {
        Self {
            part: number,
            whole: 1,
        }
    }

    pub(super) fn part(self) -> i64 {
        self.part
    }

    pub(super) fn whole(self) -> i64 {
        self.whole
    }

    /// The nearest floating-point number.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of voters, and sums of what they gave, lie far below 2^53"
    )]
    pub fn to_f64(self) -> f64 {
        self.part as f64 / self.whole as f64
    }

    /// The fraction in whole per cents.
    pub fn percentage(self) -> i64 {
        percentage(self.part, self.whole)
    }

    /// The fraction with one decimal.
    pub fn tenths(self) -> Tenths {
        Tenths(rounded(self.part, 10, self.whole))
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |one: &Self, other: &Self| i128::from(one.part) * i128::from(other.whole);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl Tenths {
    /// The number as people write it: 3,8 in Dutch and 3.8 in English, without a decimal 0.
    pub fn text(self, locale: Locale) -> String {
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = separated(size / 10, locale);
        match size % 10 {
            0 => format!("{sign}{whole}"),
            tenth => format!("{sign}{whole}{}{tenth}", locale.pick(",", ".")),
        }
    }
}

/// A whole number as people write it: 1.234 in Dutch, 1,234 in English.
pub fn grouped(number: i64, locale: Locale) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", separated(number.unsigned_abs(), locale))
}

fn separated(number: u64, locale: Locale) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push_str(locale.pick(".", ","));
        }
        text.push(digit);
    }
    text
}

/// A part of a whole in whole per cents; 0 of nothing.
pub(super) fn percentage(part: i64, whole: i64) -> i64 {
    if whole > 0 {
        rounded(part, 100, whole)
    } else {
        0
    }
}

/// Parts of one whole in whole per cents that add up to 100, together with what is missing of the
/// whole: each is rounded down, and those with the largest remainders, of equals the larger and
/// then the first, are rounded up. Parts that overlap are rounded one by one.
pub(super) fn percentages(parts: &[i64], whole: i64) -> Vec<i64> {
    let missing = parts
        .iter()
        .try_fold(whole, |left, part| left.checked_sub(*part))
        .filter(|missing| whole > 0 && *missing >= 0);
    let Some(missing) = missing else {
        return parts.iter().map(|part| percentage(*part, whole)).collect();
    };
    let hundredths = |part: i64| i128::from(part) * 100;
    let down = |part: i64| hundredths(part) / i128::from(whole);
    let all = || parts.iter().copied().chain([missing]);
    let left = 100 - all().map(down).sum::<i128>();
    let mut order: Vec<(i128, i64, Reverse<usize>)> = all()
        .enumerate()
        .map(|(place, part)| (hundredths(part) % i128::from(whole), part, Reverse(place)))
        .collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    let mut found: Vec<i64> = all().map(|part| narrow(down(part))).collect();
    for (_, _, Reverse(place)) in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(percentage) = found.get_mut(place) {
            *percentage += 1;
        }
    }
    found.truncate(parts.len());
    found
}

/// `part * scale / whole`, halves away from zero.
fn rounded(part: i64, scale: i64, whole: i64) -> i64 {
    let (part, whole) = (i128::from(part) * i128::from(scale), i128::from(whole));
    let size = (2 * part.abs() + whole) / (2 * whole);
    narrow(if part < 0 { -size } else { size })
}

fn narrow(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tenths(part: i64, whole: i64) -> String {
        let ratio = Ratio::new(part, whole).unwrap();
        ratio.tenths().text(Locale::En)
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(percentage(23, 40), 58);
        assert_eq!(percentage(1, 200), 1);
        for (part, whole, text) in [
            (9, 4, "2.3"),
            (-9, 4, "-2.3"),
            (5, 2, "2.5"),
            (1, 20, "0.1"),
            (-1, 20, "-0.1"),
            (-1, 25, "0"),
            (29, 20, "1.5"),
            (8, 4, "2"),
            (0, 7, "0"),
        ] {
            assert_eq!(tenths(part, whole), text, "{part} of {whole}");
        }
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for (number, dutch, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (5_000_000, "5.000.000", "5,000,000"),
            (-1_234, "-1.234", "-1,234"),
        ] {
            assert_eq!(grouped(number, Locale::Nl), dutch);
            assert_eq!(grouped(number, Locale::En), english);
        }
        let ratio = Ratio::new(12_345, 10).unwrap();
        assert_eq!(ratio.tenths().text(Locale::Nl), "1.234,5");
    }

    #[test]
    fn parts_of_one_whole_add_up_to_100() {
        assert_eq!(percentages(&[1, 1, 1], 3), [34, 33, 33]);
        assert_eq!(percentages(&[23, 17], 40), [58, 42]);
        assert_eq!(percentages(&[7, 1], 9), [78, 11], "one part is not listed");
        assert_eq!(percentages(&[2, 2], 3), [67, 67], "parts that overlap");
        assert_eq!(percentages(&[0, 0], 0), [0, 0]);
        assert_eq!(percentages(&[], 0), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn a_rounded_part_is_within_one_of_its_own(parts in prop::collection::vec(0..1_000_000_i64, 1..60)) {
            let whole: i64 = parts.iter().sum();
            prop_assume!(whole > 0);
            let found = percentages(&parts, whole);
            prop_assert_eq!(found.iter().sum::<i64>(), 100);
            for ((part, found), (other, larger)) in parts.iter().zip(&found).zip(parts.iter().zip(&found).skip(1)) {
                let exact = Ratio::new(*part, whole).unwrap().to_f64() * 100.0;
                prop_assert!((exact - f64::from(i32::try_from(*found).unwrap())).abs() < 1.0);
                prop_assert!(part <= other || found >= larger, "more votes, no fewer per cents");
            }
        }

        #[test]
        fn one_decimal_is_the_nearest(part in -1_000_000_000_000_i64..1_000_000_000_000, whole in 1..2_000_000_i64) {
            let Tenths(found) = Ratio::new(part, whole).unwrap().tenths();
            let off = (i128::from(found) * i128::from(whole) - i128::from(part) * 10).abs();
            prop_assert!(2 * off <= i128::from(whole));
            prop_assert!(2 * off < i128::from(whole) || found.abs() * whole >= part.abs() * 10);
        }
    }
}
