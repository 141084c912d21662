use proptest::prelude::*;
use uuid::Uuid;

use super::{
    super::{OptionModeration, QuestionKind, QuestionState, Rules},
    *,
};
use crate::id::{PollId, QuestionId};

fn question() -> Question {
    Question {
        id: QuestionId(Uuid::nil()),
        poll: PollId(Uuid::nil()),
        position: 0,
        kind: QuestionKind::Single,
        prompt: String::new(),
        description: String::new(),
        state: QuestionState::Open,
        opened_at: None,
        timer_ends_at: None,
        rules: Rules::default(),
    }
}

fn options(count: u128) -> Vec<PollOption> {
    (0..count)
        .map(|number| PollOption {
            id: OptionId(Uuid::from_u128(number)),
            question: question().id,
            position: 0,
            label: number.to_string(),
            description: String::new(),
            moderation: OptionModeration::Approved,
        })
        .collect()
}

#[test]
fn small_groups_are_held_back_and_cannot_be_worked_out() {
    for (sizes, held) in [
        (vec![], vec![]),
        (vec![5], vec![false]),
        (vec![4], vec![true]),
        (vec![9, 5], vec![false, false]),
        // Alone, the 2 would be the whole less the 9.
        (vec![9, 2], vec![true, true]),
        (vec![9, 2, 30], vec![true, true, false]),
        (vec![9, 2, 3, 30], vec![false, true, true, false]),
        (vec![1, 1, 1], vec![true, true, true]),
        (vec![1, 1, 1, 6, 5], vec![true, true, true, false, true]),
    ] {
        assert_eq!(held_back(&sizes), held, "{sizes:?}");
    }
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let channel = prop_oneof![
        Just(Channel::Site),
        Just(Channel::Embed),
        Just(Channel::Room)
    ];
    let assurance = prop_oneof![Just(Assurance::Device), Just(Assurance::Account)];
    let counts = prop::collection::vec(0_i64..9, 3);
    let part = (channel, assurance, counts, 0_i64..4);
    prop::collection::vec(part, 0..6).prop_map(|parts| {
        let mut seen = std::collections::HashSet::new();
        parts
            .into_iter()
            .filter(|(channel, assurance, _, _)| seen.insert((*channel, *assurance)))
            .map(|(channel, assurance, counts, skips)| Part {
                head: Head {
                    voter_count: counts.iter().sum(),
                    skip_count: skips,
                    revision: 0,
                },
                counts: (0..)
                    .zip(counts)
                    .map(|(number, count)| (OptionId(Uuid::from_u128(number)), 1, count))
                    .collect(),
                ..Part::new(channel, assurance)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn groups_add_up_to_the_whole(parts in parts()) {
        let split = split(&question(), 7, &options(3), &parts, true);
        let voters: i64 = parts.iter().map(|part| part.head.voter_count).sum();
        let skips: i64 = parts.iter().map(|part| part.head.skip_count).sum();
        let by_channel: Vec<_> = split.by_channel.into_iter().map(|(_, its)| its.unwrap()).collect();
        let by_assurance: Vec<_> = split.by_assurance.into_iter().map(|(_, its)| its.unwrap()).collect();
        for groups in [by_channel, by_assurance] {
            prop_assert_eq!(groups.iter().map(|its| its.voter_count).sum::<i64>(), voters);
            prop_assert_eq!(groups.iter().map(|its| its.skip_count).sum::<i64>(), skips);
            prop_assert!(groups.iter().all(|its| its.revision == 7));
            for option in 0..3 {
                let whole: i64 = parts.iter().map(|part| part.counts[option].2).sum();
                let sum: i64 = groups.iter().map(|its| its.options[option].voter_count).sum();
                prop_assert_eq!(sum, whole);
            }
        }
    }

    #[test]
    fn what_is_held_back_is_nobody_or_a_crowd(sizes in prop::collection::vec(1_i64..20, 0..6)) {
        let held = held_back(&sizes);
        let together: i64 = sizes.iter().zip(&held).filter(|(_, held)| **held).map(|(size, _)| size).sum();
        prop_assert!(together == 0 || together >= SMALLEST || held.iter().all(|held| *held));
        prop_assert!(sizes.iter().zip(&held).all(|(size, held)| *held || *size >= SMALLEST));
    }
}
