use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::*;
use crate::clock::{Clock, Instant};

struct Moved(Mutex<Instant>);

impl Clock for Moved {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Moved {
    fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

fn fixture() -> (Arc<Moved>, Throttle) {
    let late = Instant::from_timestamp(1_772_495_940, 0).unwrap();
    let clock = Arc::new(Moved(Mutex::new(late)));
    (clock.clone(), Throttle::new(clock, [7; 32]))
}

fn at(address: &str) -> Client {
    Client::of(Some(address.parse().unwrap()))
}

fn target(name: &str) -> Target<'_> {
    Target { name, device: None }
}

fn admit(
    throttle: &Throttle,
    client: &Client,
    name: &str,
) -> std::result::Result<Attempt, Duration> {
    match throttle.admit::<()>(Action::SignIn, client, target(name)) {
        Ok(attempt) => Ok(attempt),
        Err(Error::TooMany(wait)) => Err(wait),
        Err(error) => panic!("only a wait: {error}"),
    }
}

fn tried(throttle: &Throttle, client: &Client, name: &str) -> Option<u64> {
    admit(throttle, client, name)
        .err()
        .map(|wait| wait.as_secs())
}

#[test]
fn waits_grow_with_every_try_and_are_bounded_whatever_the_day() {
    // It begins a minute before midnight: a new day forgets nothing.
    let (clock, throttle) = fixture();
    let nobody = Client::default();
    for _ in 0..5 {
        assert_eq!(tried(&throttle, &nobody, "an"), None);
    }
    let mut waits = Vec::new();
    for _ in 0..6 {
        let wait = tried(&throttle, &nobody, "an").unwrap();
        waits.push(wait / 60);
        clock.advance(TimeDelta::seconds(i64::try_from(wait).unwrap()));
        assert_eq!(tried(&throttle, &nobody, "an"), None);
    }
    assert_eq!(waits, [1, 2, 4, 8, 15, 15]);
    assert_eq!(tried(&throttle, &nobody, "jan"), None);
}

#[test]
fn tries_are_forgotten_and_those_of_the_owner_taken_back() {
    let (clock, throttle) = fixture();
    let client = at("192.0.2.1");
    for _ in 0..100 {
        let attempt = admit(&throttle, &client, "an").unwrap();
        throttle.succeed(&client, attempt);
    }
    for _ in 0..5 {
        assert_eq!(tried(&throttle, &client, "an"), None);
    }
    assert!(tried(&throttle, &client, "an").is_some());
    clock.advance(TimeDelta::minutes(26));
    for _ in 0..5 {
        assert_eq!(tried(&throttle, &client, "an"), None);
    }
    assert!(tried(&throttle, &client, "an").is_some());
}

#[test]
fn one_account_of_ones_own_makes_no_room_to_guess_others() {
    let (_, throttle) = fixture();
    let client = at("192.0.2.1");
    let mut guesses = 0;
    for number in 0..1_000 {
        if let Ok(own) = admit(&throttle, &client, "own") {
            throttle.succeed(&client, own);
        }
        guesses += usize::from(tried(&throttle, &client, &number.to_string()).is_none());
    }
    assert_eq!(guesses, 21, "the burst, and the one that one account earns");
}

#[test]
fn a_network_of_ipv6_is_counted_at_its_64_its_56_and_its_48() {
    let (_, throttle) = fixture();
    let guesses = |address: &dyn Fn(u32) -> String| {
        let (_, throttle) = fixture();
        let admitted = (0..1_000_u32).filter(|number| {
            tried(&throttle, &at(&address(*number)), &number.to_string()).is_none()
        });
        admitted.count()
    };
    assert_eq!(guesses(&|number| format!("2001:db8:0:1::{number:x}")), 20);
    assert_eq!(
        guesses(&|number| format!("2001:db8:0:{:x}::1", number % 256)),
        80
    );
    assert_eq!(
        guesses(&|number| format!("2001:db8:0:{:x}::1", number * 60)),
        320
    );
    assert_eq!(guesses(&|number| format!("2001:db8:{number:x}::1")), 1_000);
    for number in 0..20 {
        assert_eq!(
            tried(&throttle, &at("2001:db8:0:1::1"), &number.to_string()),
            None
        );
    }
    assert_eq!(tried(&throttle, &at("2001:db8:0:2::1"), "99"), None);
}

#[test]
fn a_known_device_has_an_allowance_of_its_own() {
    let (_, throttle) = fixture();
    let client = at("192.0.2.1");
    for number in 0..40 {
        let _ = tried(&throttle, &client, "an");
        let _ = tried(&throttle, &client, &number.to_string());
    }
    assert!(tried(&throttle, &client, "an").is_some());
    let device = |number| Target {
        name: "an",
        device: Some(SessionId(uuid::Uuid::from_u128(number))),
    };
    let owner = |number| throttle.admit::<()>(Action::SignIn, &client, device(number));
    for _ in 0..5 {
        assert!(owner(1).is_ok());
    }
    assert!(
        matches!(owner(1), Err(Error::TooMany(_))),
        "it is bounded as well"
    );
    assert!(owner(2).is_ok(), "each device has its own");
    assert!(
        tried(&throttle, &client, "an").is_some(),
        "strangers still wait"
    );
}
