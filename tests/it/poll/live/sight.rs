//! Who sees results while watching, and from when.

use std::time::Duration;

use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{
    cast, choice, close, counts, passer_by, people, poll, question, results, retract, watch,
};

on_both_databases! {
    async fn results_show_to_whom_the_poll_says_and_from_when(app) {
        for (visibility, at_once, after_close) in [
            ("ALWAYS", true, true),
            ("AFTER_CLOSE", false, true),
            ("STAFF", false, false),
        ] {
            let made = poll(app, json!({ "resultsVisibility": visibility })).await;
            let mut public = watch(app, Persona::Resident, &made).await;
            let mut staff = watch(app, Persona::Moderator, &made).await;
            cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
            let seen = public.until(|state| people(state) == 1).await;
            assert_eq!(counts(&seen).is_some(), at_once, "{visibility}");
            assert!(counts(&staff.until(|state| people(state) == 1).await).is_some(), "{visibility}");
            close(app, &made).await.accepted("pollClose");
            let last = public.rest().await.pop().expect("a last state");
            assert_eq!(last.data("/pollUpdated/status"), "CLOSED");
            assert_eq!(counts(&last), after_close.then(|| vec![1, 0]), "{visibility}");
            assert!(counts(&staff.rest().await.pop().expect("a last state")).is_some(), "{visibility}");
        }
    }

    async fn after_a_vote_they_appear_with_ones_own_ballot(app) {
        let made = poll(app, json!({
            "resultsVisibility": "AFTER_VOTE",
            "questions": [question("SINGLE", &["Ja", "Nee"]), question("SINGLE", &["Nu", "Later"])],
        })).await;
        let mut voter = watch(app, Persona::Resident, &made).await;
        let mut other = watch(app, Persona::Neighbour, &made).await;
        let mut nobody = watch(app, Persona::Anonymous, &made).await;
        for watching in [&mut voter, &mut other, &mut nobody] {
            assert_eq!(counts(&watching.next().await.expect("the state now")), None);
        }
        passer_by(app, &made, 1).await;
        for watching in [&mut voter, &mut other, &mut nobody] {
            let state = watching.until(|state| people(state) == 1).await;
            assert_eq!(counts(&state), None, "another's ballot shows nothing");
        }
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let seen = voter.until(|state| counts(state).is_some() && people(state) == 2).await;
        assert_eq!(counts(&seen), Some(vec![1, 1]));
        assert!(seen.data("/pollUpdated/questions/1/results").is_null(), "one question is not the other");
        for watching in [&mut other, &mut nobody] {
            assert_eq!(counts(&watching.until(|state| people(state) == 2).await), None);
        }
        // Who voted before they came sees them at once.
        let mut again = watch(app, Persona::Resident, &made).await;
        assert_eq!(counts(&again.next().await.expect("the state now")), Some(vec![1, 1]));
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        voter.until(|state| counts(state).is_none() && people(state) == 1).await;
        voter.silent(Duration::from_millis(300)).await;
        close(app, &made).await.accepted("pollClose");
        for watching in [voter, other, nobody, again] {
            let last = watching.rest().await.pop().expect("a last state");
            assert_eq!(counts(&last), Some(vec![0, 1]), "after the close everyone sees them");
        }
        assert!(!results(app, Persona::Anonymous, &made).await.is_null());
    }

    async fn nothing_goes_back_for_who_moves_between_groups(app) {
        let made = poll(app, json!({ "resultsVisibility": "AFTER_VOTE" })).await;
        let mut voter = watch(app, Persona::Resident, &made).await;
        voter.next().await.expect("the state now");
        let voting = async {
            for number in 0..12 {
                passer_by(app, &made, 1).await;
                if number == 5 {
                    cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
                }
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
        };
        let watching = async {
            let (mut before, mut shown) = (0, false);
            while before < 13 || !shown {
                let state = voter.next().await.expect("a state");
                assert!(people(&state) >= before, "{} after {before}", people(&state));
                assert!(counts(&state).is_some() || !shown, "results do not go away again");
                before = people(&state);
                shown = counts(&state).is_some();
            }
        };
        tokio::join!(voting, watching);
    }
}
