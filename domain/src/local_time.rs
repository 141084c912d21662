//! Instants as people in Overijssel read them: by the zone Europe/Amsterdam, to the minute.

use chrono::{DateTime, Datelike, MappedLocalTime, TimeZone};
use chrono_tz::{Europe::Amsterdam, OffsetComponents, Tz};

use crate::{Locale, clock::Instant};

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

/// The local day, such as `5 december 2026`.
pub fn day(instant: Instant, locale: Locale) -> String {
    day_of(&instant.with_timezone(&Amsterdam), locale)
}

/// The local day and time, such as `5 december 2026 om 20.00 uur`. In the hour that the clock
/// shows twice in autumn it says which of the two it is.
pub fn moment(instant: Instant, locale: Locale) -> String {
    let local = instant.with_timezone(&Amsterdam);
    let day = day_of(&local, locale);
    let which = which_of_two(&local, locale);
    match locale {
        Locale::Nl => format!("{day} om {} uur{which}", local.format("%H.%M")),
        Locale::En => format!("{day} at {}{which}", local.format("%H:%M")),
    }
}

fn day_of(local: &DateTime<Tz>, locale: Locale) -> String {
    let names = match locale {
        Locale::Nl => DUTCH,
        Locale::En => ENGLISH,
    };
    let month = names
        .get(local.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", local.day(), local.year())
}

/// Names the clock that a time is by, where that time comes twice; else nothing.
fn which_of_two(local: &DateTime<Tz>, locale: Locale) -> &'static str {
    let MappedLocalTime::Ambiguous(..) = Amsterdam.offset_from_local_datetime(&local.naive_local())
    else {
        return "";
    };
    if local.offset().dst_offset().is_zero() {
        locale.pick(" (wintertijd)", " (winter time)")
    } else {
        locale.pick(" (zomertijd)", " (summer time)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_clock_on_the_wall() {
        for (instant, dutch, english) in [
            (
                "2026-12-05T19:00:59Z",
                "5 december 2026 om 20.00 uur",
                "5 December 2026 at 20:00",
            ),
            (
                "2026-12-31T23:00:00Z",
                "1 januari 2027 om 00.00 uur",
                "1 January 2027 at 00:00",
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
        ] {
            let instant: Instant = instant.parse().unwrap();
            assert_eq!(moment(instant, Locale::Nl), dutch);
            assert_eq!(moment(instant, Locale::En), english);
        }
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart_and_its_neighbours_are_not_marked() {
        for (instant, dutch, english) in [
            (
                "2026-10-24T23:59:59Z",
                "25 oktober 2026 om 01.59 uur",
                "25 October 2026 at 01:59",
            ),
            (
                "2026-10-25T00:00:00Z",
                "25 oktober 2026 om 02.00 uur (zomertijd)",
                "25 October 2026 at 02:00 (summer time)",
            ),
            (
                "2026-10-25T00:30:00Z",
                "25 oktober 2026 om 02.30 uur (zomertijd)",
                "25 October 2026 at 02:30 (summer time)",
            ),
            (
                "2026-10-25T01:30:00Z",
                "25 oktober 2026 om 02.30 uur (wintertijd)",
                "25 October 2026 at 02:30 (winter time)",
            ),
            (
                "2026-10-25T01:59:59Z",
                "25 oktober 2026 om 02.59 uur (wintertijd)",
                "25 October 2026 at 02:59 (winter time)",
            ),
            (
                "2026-10-25T02:00:00Z",
                "25 oktober 2026 om 03.00 uur",
                "25 October 2026 at 03:00",
            ),
        ] {
            let instant: Instant = instant.parse().unwrap();
            assert_eq!(moment(instant, Locale::Nl), dutch);
            assert_eq!(moment(instant, Locale::En), english);
        }
    }

    #[test]
    fn a_day_is_the_local_one() {
        let instant: Instant = "2026-07-31T22:30:00Z".parse().unwrap();
        assert_eq!(day(instant, Locale::Nl), "1 augustus 2026");
        assert_eq!(day(instant, Locale::En), "1 August 2026");
    }
}
