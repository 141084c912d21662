use chrono::DateTime;
use proptest::prelude::*;

use super::*;

const LIMIT: Limit = Limit {
    burst: 5,
    every: TimeDelta::minutes(5),
    first_wait: TimeDelta::minutes(1),
    longest_wait: TimeDelta::minutes(15),
    earnable: 10,
};

fn limiter(most: usize) -> RateLimiter<u32> {
    RateLimiter::new(most)
}

fn at(second: i64) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

/// Seconds to wait, where the try is not let through.
fn tried(limiter: &RateLimiter<u32>, key: u32, now: Instant) -> Option<u64> {
    let outcome = limiter.admit([(key, LIMIT)], now);
    outcome.err().map(|wait| wait.as_secs())
}

#[test]
fn a_flood_of_new_keys_evicts_the_oldest_and_never_the_key_that_is_tried() {
    let limiter = limiter(100);
    for number in 0..5 {
        assert_eq!(tried(&limiter, 0, at(number)), None);
    }
    for number in 1..10_000 {
        assert_eq!(tried(&limiter, number, at(5)), None);
        if number % 50 == 0 {
            assert!(tried(&limiter, 0, at(5)).is_some(), "{number}");
        }
    }
    let buckets = limiter.lock();
    assert_eq!(buckets.len(), 100);
    assert!(buckets.peek(&1).is_none() && buckets.peek(&9_999).is_some());
}

#[test]
fn what_is_earned_is_bounded_and_passes_with_time() {
    let limiter = limiter(10);
    for _ in 0..100 {
        limiter.earn(0, LIMIT, at(0));
    }
    for number in 0..15 {
        assert_eq!(tried(&limiter, 0, at(0)), None, "{number}");
    }
    assert_eq!(tried(&limiter, 0, at(0)), Some(60));
    for _ in 0..100 {
        limiter.earn(1, LIMIT, at(0));
    }
    let later = at(0) + LIMIT.every * 10;
    for _ in 0..5 {
        assert_eq!(tried(&limiter, 1, later), None);
    }
    assert!(tried(&limiter, 1, later).is_some());
}

#[test]
fn a_late_success_does_not_lift_the_wait_of_a_later_failure() {
    let limiter = limiter(10);
    for _ in 0..4 {
        assert_eq!(tried(&limiter, 0, at(0)), None);
    }
    let slow = limiter.admit([(0, LIMIT)], at(0)).unwrap();
    assert_eq!(tried(&limiter, 0, at(60)), None);
    assert_eq!(tried(&limiter, 0, at(60)), Some(120));
    limiter.take_back(slow, at(61));
    assert_eq!(tried(&limiter, 0, at(61)), Some(119));
    // One that came first leaves room for the fifth failure, which makes the sixth wait.
    let limiter = self::limiter(10);
    for _ in 0..4 {
        assert_eq!(tried(&limiter, 0, at(0)), None);
    }
    let success = limiter.admit([(0, LIMIT)], at(0)).unwrap();
    limiter.take_back(success, at(0));
    assert_eq!(tried(&limiter, 0, at(0)), None);
    assert_eq!(tried(&limiter, 0, at(0)), Some(60));
}

#[test]
fn networks_of_ipv6_are_counted_at_three_widths() {
    let networks = |address: &str| Network::of(address.parse().unwrap());
    let [home, site, region] = networks("2001:db8:1:2::7")[..] else {
        panic!("three networks");
    };
    assert_eq!([home.1, site.1, region.1], [1, 4, 16]);
    let same = |address: &str| {
        let other = networks(address);
        [home, site, region].map(|network| other.contains(&network))
    };
    assert_eq!(same("2001:db8:1:2:ffff::1"), [true, true, true]);
    assert_eq!(same("2001:db8:1:ff::1"), [false, true, true]);
    assert_eq!(same("2001:db8:1:100::1"), [false, false, true]);
    assert_eq!(same("2001:db8:2::1"), [false, false, false]);
    assert_eq!(networks("::ffff:192.0.2.1"), networks("192.0.2.1"));
    assert_ne!(networks("192.0.2.1"), networks("192.0.2.2"));
    assert_ne!(home.0.bytes(), site.0.bytes());
}

proptest! {
    /// Failures are let through no more often than the waits say.
    #[test]
    fn failures_are_bounded_whatever_their_timing(steps in prop::collection::vec(0_i64..600, 1..400)) {
        let limiter = limiter(2);
        let (mut now, mut admitted) = (0, 0_i64);
        for step in steps {
            now += step;
            admitted += i64::from(tried(&limiter, 0, at(now)).is_none());
        }
        // The burst, what time gave back, and one after each wait.
        prop_assert!(admitted <= 5 + now / 300 + now / 60 + 1, "{admitted} in {now} s");
    }

    /// A try that is taken back leaves no trace.
    #[test]
    fn a_try_that_is_taken_back_changes_nothing(failures in 0_i32..5, successes in 0_usize..50) {
        let [with, without] = [limiter(2), limiter(2)];
        for limiter in [&with, &without] {
            for _ in 0..failures {
                prop_assert_eq!(tried(limiter, 0, at(0)), None);
            }
        }
        for _ in 0..successes {
            let permit = with.admit([(0, LIMIT)], at(0)).map_err(|_| TestCaseError::fail("a wait"))?;
            with.take_back(permit, at(0));
        }
        for _ in 0..10 {
            prop_assert_eq!(tried(&with, 0, at(0)), tried(&without, 0, at(0)));
        }
    }
}
