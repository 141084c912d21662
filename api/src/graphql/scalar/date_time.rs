//! Points in time.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, SubsecRound, Utc};
use domain::clock::{self, Instant};

/// The scalar `DateTime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) Instant);

/// A point in time: RFC 3339 with an offset, such as `2026-03-02T14:40:00.000Z`. Given in UTC with
/// three decimals; taken with any offset but `-00:00`, and with up to nine decimals or none.
#[Scalar(
    name = "DateTime",
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time"
)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        read(text).map(Self).ok_or_else(|| {
            InputValueError::custom("a time with an offset, such as 2026-03-02T14:40:00.000Z")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl From<DateTime> for Instant {
    fn from(time: DateTime) -> Self {
        time.0
    }
}

/// A time as a client writes it, in the microseconds that are kept.
fn read(text: &str) -> Option<Instant> {
    // The text is ASCII where chrono reads it, `t` at its eleventh place; a blank is no `t`.
    let separated = text
        .as_bytes()
        .get(10)
        .is_some_and(|byte| byte.eq_ignore_ascii_case(&b't'));
    if !separated || text.ends_with("-00:00") {
        return None;
    }
    let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    // A leap second is a second like the one before it.
    Some(time.with_timezone(&Utc).trunc_subsecs(6)).filter(clock::is_kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_taken_with_an_offset() {
        for (text, told) in [
            ("2011-08-30T13:22:53.108Z", "2011-08-30T13:22:53.108Z"),
            ("2011-08-30T13:22:53.108-03:00", "2011-08-30T16:22:53.108Z"),
            ("2011-08-30t13:22:53.108z", "2011-08-30T13:22:53.108Z"),
            ("2011-08-30T13:22:53.108+03:30", "2011-08-30T09:52:53.108Z"),
            ("2011-08-30T13:22:53Z", "2011-08-30T13:22:53.000Z"),
            ("2011-08-30T13:22:53.123456Z", "2011-08-30T13:22:53.123Z"),
        ] {
            let time = DateTime::parse(Value::from(text)).unwrap();
            assert_eq!(time.to_value(), Value::from(told), "{text}");
        }
    }

    #[test]
    fn what_is_no_point_in_time_is_refused() {
        for bad in [
            "",
            "2011-08-30T13:22:53.108-00:00",
            "2011-08-30T13:22:53.108",
            "2011-08-30",
            "2011-08-30 13:22:53Z",
            "2011-08-30T24:00:00.000Z",
            "2011-08-30T13:22Z",
            "2011-02-30T13:22:53.108Z",
            "1314710573",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
        ] {
            assert!(DateTime::parse(Value::from(bad)).is_err(), "{bad}");
        }
        assert!(DateTime::parse(Value::from(1_314_710_573)).is_err());
    }
}
