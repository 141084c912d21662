//! Results as shown: rounded once, ties called ties, sentences of a bounded length.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

/// Every percentage in a text.
fn percentages_in(text: &str) -> Vec<i64> {
    let before = text.split('%').collect::<Vec<_>>();
    let (_, parts) = before.split_last().unwrap();
    parts
        .iter()
        .map(|part| {
            let digits: String = part
                .chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .collect();
            digits.chars().rev().collect::<String>().parse().unwrap()
        })
        .collect()
}

fn shown(results: &QuestionResults) -> Vec<Option<i64>> {
    results.options.iter().map(|one| one.percentage).collect()
}

fn none_of_the_above(number: u128) -> PollOption {
    PollOption {
        role: OptionRole::NoneOfTheAbove,
        label: "Geen van deze".to_owned(),
        ..fixture::option(number)
    }
}

#[test]
fn a_half_is_rounded_alike_in_sentence_caption_and_figure() {
    let found = results(QuestionKind::Single, 40, 0, &[(1, 1, 23), (2, 1, 17)]);
    assert_eq!(shown(&found), [Some(58), Some(42), Some(0)]);
    let one = &found.options[0];
    assert!(found.summary(Locale::Nl).contains("‘Optie 1’ (58%)"));
    assert_eq!(found.caption(one, Locale::Nl), "58% (23)");
    assert_eq!(found.figure(one, Locale::Nl), "58%");

    let mut scale = fixture::question(QuestionKind::Scale);
    (scale.rules.scale_min, scale.rules.scale_max) = (Some(1), Some(5));
    let options = vec![fixture::option(1)];
    let found = with(&scale, false, 4, 0, options, &[(1, 2, 3), (1, 3, 1)]);
    let one = &found.options[0];
    assert!(found.summary(Locale::Nl).contains("gemiddeld 2,3"));
    assert_eq!(found.caption(one, Locale::Nl), "gemiddeld 2,3");
    assert_eq!(found.figure(one, Locale::En), "mean 2.3");
}

#[test]
fn a_tie_says_votes_where_its_rounded_shares_differ() {
    let found = results(
        QuestionKind::Single,
        3,
        0,
        &[(1, 1, 1), (2, 1, 1), (3, 1, 1)],
    );
    assert_eq!(shown(&found), [Some(34), Some(33), Some(33)]);
    assert_eq!(
        found.summary(Locale::Nl),
        "3 mensen hebben gestemd; even vaak en het meest gekozen zijn ‘Optie 1’, ‘Optie 2’ en \
         ‘Optie 3’ (elk 1 stem)."
    );
}

#[test]
fn statements_that_share_an_end_are_named_together() {
    let counts = [(1, 1, 3), (1, -1, 1), (2, 1, 6), (2, -1, 2), (3, 0, 4)];
    let found = results(QuestionKind::Statements, 8, 0, &counts);
    assert_eq!(
        found.summary(Locale::Nl),
        "8 mensen hebben gestemd; evenveel en de meeste instemming kregen ‘Optie 1’ en ‘Optie 2’ \
         (elk 75%); evenveel en het meeste verzet ‘Optie 1’ en ‘Optie 2’ (elk 25%)."
    );
    assert_eq!(
        found.summary(Locale::En),
        "8 people voted; the most agreed with, equally, are “Optie 1” and “Optie 2” (75% each); \
         the most disagreed with, equally, are “Optie 1” and “Optie 2” (25% each)."
    );
    let thirds = [(1, -1, 1), (1, 0, 1), (1, 1, 1)];
    let found = results(QuestionKind::Statements, 3, 0, &thirds);
    let one = &found.options[0];
    assert_eq!(one.percentages().iter().sum::<i64>(), 100);
    assert_eq!(one.percentage, Some(one.percentage_of(1)));
    assert_eq!(
        found.caption(one, Locale::Nl),
        "33% eens, 33% geen mening, 34% oneens"
    );
}

#[test]
fn means_that_are_shown_alike_are_called_alike() {
    let mut scale = fixture::question(QuestionKind::Scale);
    (scale.rules.scale_min, scale.rules.scale_max) = (Some(1), Some(5));
    // 3.2 and 19 of 6, which is 3.17.
    let all = [
        (1, 3, 4),
        (1, 4, 1),
        (2, 3, 5),
        (2, 4, 1),
        (3, 3, 4),
        (3, 4, 1),
    ];
    let found = of(&scale, false, 6, 0, &all);
    assert_eq!(
        found.summary(Locale::Nl),
        "6 mensen hebben gestemd; op een schaal van 1 tot 5 alle drie rond 3,2."
    );
    assert_eq!(
        found.summary(Locale::En),
        "6 people voted; on a scale from 1 to 5, all three around 3.2."
    );
    let two = [(1, 4, 1), (2, 4, 2), (3, 1, 1)];
    assert_eq!(
        of(&scale, false, 2, 0, &two).summary(Locale::Nl),
        "2 mensen hebben gestemd; op een schaal van 1 tot 5 scoren het hoogst ‘Optie 1’ en \
         ‘Optie 2’ (elk gemiddeld 4), het laagst ‘Optie 3’ (gemiddeld 1)."
    );
}

#[test]
fn none_of_the_above_is_never_first_and_always_has_its_own_number() {
    let options = || vec![fixture::option(1), fixture::option(2), none_of_the_above(3)];
    let ranking = fixture::question(QuestionKind::Ranking);
    let found = with(
        &ranking,
        false,
        4,
        0,
        options(),
        &[(1, 1, 1), (2, 2, 1), (3, 1, 3)],
    );
    assert_eq!(
        found.summary(Locale::Nl),
        "4 mensen hebben gestemd; bovenaan staat ‘Optie 1’ (gemiddelde plaats 1); 3 mensen (75%) \
         kozen ‘Geen van deze’."
    );
    assert_eq!(found.caption(&found.options[2], Locale::Nl), "75% (3)");
    assert_eq!(found.figure(&found.options[2], Locale::Nl), "75%");
    assert_eq!(shown(&found), [Some(25), Some(0), Some(75)]);

    for kind in [QuestionKind::Ranking, QuestionKind::Points] {
        let found = with(
            &fixture::question(kind),
            false,
            2,
            0,
            options(),
            &[(3, 1, 2)],
        );
        assert!(
            found.options.iter().all(|one| one.rank.is_none()),
            "{kind:?}"
        );
        assert_eq!(
            found.summary(Locale::Nl),
            "2 mensen hebben gestemd; 2 mensen (100%) kozen ‘Geen van deze’."
        );
    }

    let points = fixture::question(QuestionKind::Points);
    let found = with(
        &points,
        false,
        3,
        0,
        options(),
        &[(1, 60, 2), (2, 40, 2), (3, 1, 1)],
    );
    assert_eq!(
        found.summary(Locale::En),
        "3 people voted; the most points went to “Optie 1” (60% of all points); 1 person (33%) \
         chose “Geen van deze”."
    );
    assert_eq!(
        found.caption(&found.options[0], Locale::Nl),
        "120 punten (60%)"
    );
    assert_eq!(found.caption(&found.options[2], Locale::Nl), "33% (1)");
}

#[test]
fn answers_are_words_of_a_cloud_and_function_words_are_not() {
    let labels = [
        "ja", "nee", "eens", "oneens", "niets", "alles", "goed", "de", "van",
    ];
    let words: Vec<PollOption> = (1_u128..)
        .zip(labels)
        .map(|(number, label)| PollOption {
            label: label.to_owned(),
            ..fixture::option(number)
        })
        .collect();
    let counts: Vec<_> = (1_u128..=9).map(|number| (number, 1, 5)).collect();
    let cloud = fixture::question(QuestionKind::WordCloud);
    let found = with(&cloud, false, 45, 0, words, &counts);
    let seen: Vec<_> = found.options.iter().map(|one| &*one.option.label).collect();
    assert_eq!(seen, labels[..7]);
}

fn any_label() -> impl Strategy<Value = String> {
    let parts = [
        "a",
        "woord ",
        "👨‍👩‍👧",
        "e\u{301}",
        "‘",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 1..120)
        .prop_map(|parts| parts.concat())
}

fn any_kind() -> impl Strategy<Value = QuestionKind> {
    prop::sample::select(vec![
        QuestionKind::Single,
        QuestionKind::Multiple,
        QuestionKind::Statements,
        QuestionKind::Scale,
        QuestionKind::Ranking,
        QuestionKind::Points,
        QuestionKind::Number,
        QuestionKind::WordCloud,
        QuestionKind::Open,
        QuestionKind::Quiz,
    ])
}

proptest! {
    #[test]
    fn a_sentence_has_at_most_300_characters_and_whole_graphemes(
        kind in any_kind(),
        labels in prop::collection::vec(any_label(), 1..12),
        counts in prop::collection::vec(1..4_i64, 12),
        is_english in any::<bool>(),
    ) {
        let locale = if is_english { Locale::En } else { Locale::Nl };
        let mut question = fixture::question(kind);
        let far = if kind == QuestionKind::Number { 1_000_000_000 } else { 10 };
        (question.rules.scale_min, question.rules.scale_max) = (Some(-far), Some(far));
        question.answer = Some(-999_999_999);
        let options: Vec<PollOption> = (1_u128..)
            .zip(&labels)
            .map(|(number, label)| PollOption { label: label.clone(), right: true, ..fixture::option(number) })
            .chain([none_of_the_above(99)])
            .collect();
        let tally: Vec<_> = (1_u128..).zip(&counts).map(|(number, count)| (number, 1, *count * 1_000_000)).collect();
        let found = with(&question, true, 50_000_000, 1_000_000, options, &tally);
        let sentence = found.summary(locale);
        prop_assert!(sentence.encode_utf16().count() <= 300, "{} {sentence}", sentence.len());
        // Whatever stands there of a label is its beginning, cut between graphemes.
        for quoted in sentence.split('“').skip(1).filter(|_| is_english) {
            let quoted = quoted.split('”').next().unwrap();
            let kept: Vec<&str> = quoted.trim_end_matches('…').graphemes(true).collect();
            prop_assert!(labels.iter().map(String::as_str).chain(["Geen van deze"]).any(|label| {
                label.graphemes(true).take(kept.len()).eq(kept.iter().copied())
            }), "{quoted}");
        }
    }

    #[test]
    fn sentence_and_captions_say_the_same_numbers(
        kind in prop::sample::select(vec![QuestionKind::Single, QuestionKind::Points, QuestionKind::Ranking]),
        counts in prop::collection::vec(0..500_i64, 3),
    ) {
        let voters = counts.iter().sum::<i64>();
        prop_assume!(voters > 0);
        let tally: Vec<_> = (1_u128..).zip(&counts).map(|(number, count)| (number, 1, *count)).collect();
        let found = results(kind, voters, 0, &tally);
        let all: i64 = found.options.iter().filter_map(|one| one.percentage).sum();
        prop_assert_eq!(all, 100);
        for one in &found.options {
            if kind != QuestionKind::Ranking {
                prop_assert_eq!(percentages_in(&found.caption(one, Locale::Nl)), vec![one.percentage.unwrap()]);
            }
        }
        let leaders: Vec<_> = found.options.iter().filter(|one| one.rank == Some(1)).collect();
        for said in percentages_in(&found.summary(Locale::Nl)) {
            prop_assert!(leaders.iter().all(|one| one.percentage == Some(said)));
        }
    }
}
