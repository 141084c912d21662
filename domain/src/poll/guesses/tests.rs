use std::convert::Infallible;

use chrono::DateTime;

use super::*;

fn at(second: i64) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn visitor(number: u128) -> Actor {
    Actor::Visitor(Some(VisitorId(uuid::Uuid::from_u128(number))))
}

/// Seconds to wait, where the guess is not taken.
fn wrong(guesses: &Guesses, actor: &Actor, address: Option<&str>, now: Instant) -> Option<u64> {
    let address = address.map(|address| address.parse().unwrap());
    match guesses.take::<Infallible>(actor, address, now) {
        Ok(_) => None,
        Err(Error::TooMany(wait)) => Some(wait.as_secs()),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_person_guesses_ten_times_and_then_once_a_minute() {
    let guesses = Guesses::new();
    for _ in 0..10 {
        assert_eq!(wrong(&guesses, &visitor(1), None, at(0)), None);
    }
    assert_eq!(wrong(&guesses, &visitor(1), None, at(0)), Some(60));
    assert_eq!(wrong(&guesses, &visitor(1), None, at(59)), Some(1));
    assert_eq!(wrong(&guesses, &visitor(2), None, at(0)), None);
    assert_eq!(wrong(&guesses, &visitor(1), None, at(60)), None);
    assert_eq!(wrong(&guesses, &visitor(1), None, at(60)), Some(60));
}

#[test]
fn a_right_guess_costs_nothing() {
    let guesses = Guesses::new();
    for _ in 0..5_000 {
        guesses
            .take::<Infallible>(&visitor(1), None, at(0))
            .unwrap()
            .right();
    }
    assert_eq!(wrong(&guesses, &visitor(1), None, at(0)), None);
}

#[test]
fn a_network_is_its_address_or_prefix() {
    let guesses = Guesses::new();
    let nobody = Actor::Visitor(None);
    for _ in 0..300 {
        assert_eq!(wrong(&guesses, &nobody, Some("192.0.2.1"), at(0)), None);
        assert_eq!(wrong(&guesses, &nobody, Some("2001:db8::1"), at(0)), None);
    }
    for (address, wait) in [
        (Some("192.0.2.1"), Some(1)),
        (Some("::ffff:192.0.2.1"), Some(1)),
        (Some("192.0.2.2"), None),
        (Some("2001:db8:0:ff::2"), Some(1)),
        (Some("2001:db8:0:100::1"), None),
        (None, None),
    ] {
        assert_eq!(
            wrong(&guesses, &nobody, address, at(0)),
            wait,
            "{address:?}"
        );
    }
    // Changing one's visitor's token does not help.
    assert_eq!(
        wrong(&guesses, &visitor(1), Some("192.0.2.1"), at(0)),
        Some(1)
    );
}

#[test]
fn spreading_over_visitors_and_networks_does_not_help_and_costs_bounded_memory() {
    let guesses = Guesses::new();
    let mut taken = 0;
    for number in 0..20_000_u32 {
        let address = std::net::Ipv4Addr::from(number).to_string();
        let wait = wrong(&guesses, &visitor(number.into()), Some(&address), at(0));
        taken += usize::from(wait.is_none());
    }
    assert_eq!(taken, 2_000);
    // An hour of trying, each time by someone new.
    for number in 0..36_000_u32 {
        let now = at(0) + TimeDelta::milliseconds(100) * i32::try_from(number).unwrap();
        taken +=
            usize::from(wrong(&guesses, &visitor((number + 20_000).into()), None, now).is_none());
    }
    assert!((9_100..=9_200).contains(&taken), "{taken}");
    assert!(guesses.0.limiter.len() <= MOST);
}

#[test]
fn the_platform_itself_is_not_limited() {
    let guesses = Guesses::new();
    for _ in 0..3_000 {
        assert_eq!(wrong(&guesses, &Actor::System, None, at(0)), None);
    }
}
