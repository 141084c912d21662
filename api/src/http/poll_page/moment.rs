//! An instant as people in Overijssel read it.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Utc, Weekday};
use domain::{Locale, clock::Instant};

const HOUR: i32 = 3_600;
const DUTCH: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The instant as people in Overijssel read it, such as `5 december 2026 om 20.00 uur`.
pub(super) fn worded(instant: Instant, locale: Locale) -> String {
    let offset = if is_summer(instant) { 2 * HOUR } else { HOUR };
    let local = FixedOffset::east_opt(offset).map_or_else(
        || instant.fixed_offset(),
        |zone| instant.with_timezone(&zone),
    );
    let month = local.month0() as usize;
    let (day, year) = (local.day(), local.year());
    let name = |names: [&'static str; 12]| names.get(month).copied().unwrap_or_default();
    match locale {
        Locale::Nl => format!(
            "{day} {} {year} om {} uur",
            name(DUTCH),
            local.format("%H.%M")
        ),
        Locale::En => format!(
            "{day} {} {year} at {}",
            name(ENGLISH),
            local.format("%H:%M")
        ),
    }
}

/// Whether it is summer time in the European Union: from the last Sunday of March to the last of
/// October, at one o'clock UTC (directive 2000/84/EC).
fn is_summer(instant: DateTime<Utc>) -> bool {
    let turn = |month: u32| {
        let last = NaiveDate::from_ymd_opt(instant.year(), month, 31)?;
        let back = last.weekday().days_since(Weekday::Sun);
        let sunday = last - TimeDelta::days(i64::from(back));
        Some(sunday.and_hms_opt(1, 0, 0)?.and_utc())
    };
    match (turn(3), turn(10)) {
        (Some(spring), Some(autumn)) => spring <= instant && instant < autumn,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_clock_on_the_wall() {
        for (instant, dutch, english) in [
            (
                "2026-12-05T19:00:00Z",
                "5 december 2026 om 20.00 uur",
                "5 December 2026 at 20:00",
            ),
            (
                "2026-03-29T00:59:59Z",
                "29 maart 2026 om 01.59 uur",
                "29 March 2026 at 01:59",
            ),
            (
                "2026-03-29T01:00:00Z",
                "29 maart 2026 om 03.00 uur",
                "29 March 2026 at 03:00",
            ),
            (
                "2026-10-25T00:59:59Z",
                "25 oktober 2026 om 02.59 uur",
                "25 October 2026 at 02:59",
            ),
            (
                "2026-10-25T01:00:00Z",
                "25 oktober 2026 om 02.00 uur",
                "25 October 2026 at 02:00",
            ),
        ] {
            let instant: Instant = instant.parse().unwrap();
            assert_eq!(worded(instant, Locale::Nl), dutch);
            assert_eq!(worded(instant, Locale::En), english);
        }
    }
}
