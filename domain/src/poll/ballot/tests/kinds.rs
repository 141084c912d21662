//! Ballots for the further kinds of question, and for what questions may add.

use proptest::prelude::*;

use super::*;

#[test]
fn a_scale_takes_its_steps_on_any_part() {
    let mut question = question(QuestionKind::Scale, 1, 4);
    question.rules.scale_min = Some(0);
    question.rules.scale_max = Some(10);
    assert_eq!(problems(&question, &ballot(&[(1, 0), (2, 10)])), []);
    assert_eq!(
        problems(&question, &ballot(&[(1, -1), (2, 11), (3, 5)])),
        [
            at(Code::ScoreBelowMinimum, "marks.0.value"),
            at(Code::ScoreAboveMaximum, "marks.1.value"),
        ]
    );
    assert_eq!(
        problems(&question, &ballot(&[])),
        [at(Code::ChoiceCountBelowMinimum, "marks")]
    );
}

#[test]
fn a_number_is_one_and_within_its_range() {
    let mut question = question(QuestionKind::Number, 1, 1);
    question.rules.scale_min = Some(-5);
    question.rules.scale_max = Some(5);
    assert_eq!(problems(&question, &ballot(&[(1, -5)])), []);
    assert_eq!(
        problems(&question, &ballot(&[(1, 6), (2, -6)])),
        [
            at(Code::ScoreAboveMaximum, "marks.0.value"),
            at(Code::ScoreBelowMinimum, "marks.1.value"),
            at(Code::ChoiceCountAboveMaximum, "marks"),
        ]
    );
}

#[test]
fn a_ranking_has_every_place_from_1_once() {
    let all = question(QuestionKind::Ranking, 4, 4);
    let whole = ballot(&[(1, 3), (2, 1), (3, 4), (4, 2)]);
    assert_eq!(problems(&all, &whole), []);
    assert_eq!(
        problems(&all, &ballot(&[(1, 1), (2, 2)])),
        [at(Code::RankedChoiceCountInvalid, "marks")]
    );
    let few = question(QuestionKind::Ranking, 1, 3);
    assert_eq!(problems(&few, &ballot(&[(4, 1)])), []);
    assert_eq!(
        problems(&few, &whole),
        [at(Code::RankedChoiceCountInvalid, "marks")]
    );
    assert_eq!(
        problems(&few, &ballot(&[(1, 1), (2, 3)])),
        [at(Code::RankSequenceInvalid, "marks.1.value")]
    );
    assert_eq!(
        problems(&few, &ballot(&[(1, 1), (2, 1), (3, 0)])),
        [
            at(Code::RankSequenceInvalid, "marks.1.value"),
            at(Code::RankSequenceInvalid, "marks.2.value"),
        ]
    );
    assert_eq!(
        problems(&few, &ballot(&[])),
        [at(Code::RankedChoiceCountInvalid, "marks")]
    );
}

#[test]
fn points_keep_to_their_budget() {
    let mut question = question(QuestionKind::Points, 1, 4);
    question.rules.budget = Some(100);
    assert_eq!(problems(&question, &ballot(&[(1, 60), (2, 40)])), []);
    assert_eq!(problems(&question, &ballot(&[(1, 60), (2, 0)])), []);
    assert_eq!(
        problems(&question, &ballot(&[(1, 60), (2, 41)])),
        [at(Code::DotsExceeded, "marks")]
    );
    assert_eq!(
        problems(&question, &ballot(&[(1, i32::MAX), (2, i32::MAX), (3, -1)])),
        [
            at(Code::ScoreNegative, "marks.2.value"),
            at(Code::DotsExceeded, "marks"),
        ]
    );
    for nothing in [ballot(&[]), ballot(&[(1, 0), (2, 0)])] {
        assert_eq!(
            problems(&question, &nothing),
            [at(Code::ChoiceCountBelowMinimum, "marks")]
        );
    }
    question.rules.spend_all = true;
    assert_eq!(
        problems(&question, &ballot(&[(1, 60), (2, 39)])),
        [at(Code::DotsUnspent, "marks")]
    );
    assert_eq!(problems(&question, &ballot(&[(1, 60), (2, 40)])), []);
}

#[test]
fn none_of_the_above_stands_alone() {
    for kind in [
        QuestionKind::Single,
        QuestionKind::Multiple,
        QuestionKind::Ranking,
        QuestionKind::Points,
    ] {
        let mut question = question(kind, 2, 3);
        question.rules.budget = Some(100);
        question.rules.spend_all = true;
        assert_eq!(problems(&question, &ballot(&[(9, 1)])), [], "{kind:?}");
        let both = problems(&question, &ballot(&[(1, 1), (9, 1)]));
        assert_eq!(
            both,
            [at(Code::NoneOfTheAboveWithChoices, "marks.1.optionId")],
            "{kind:?}"
        );
        let loud = problems(&question, &ballot(&[(9, 2)]));
        assert_eq!(loud, [at(Code::ScoreInvalid, "marks.0.value")], "{kind:?}");
    }
}

#[test]
fn another_answer_is_named() {
    let question = question(QuestionKind::Single, 1, 1);
    assert_eq!(
        problems(&question, &writing(&[(8, 1)], &["Met de trein"])),
        []
    );
    for silent in [writing(&[(8, 1)], &[]), writing(&[(8, 1)], &[" "])] {
        assert_eq!(
            problems(&question, &silent),
            [at(Code::OtherTextRequired, "writeIns")]
        );
    }
    assert_eq!(
        problems(&question, &writing(&[(1, 1)], &["Met de trein"])),
        [at(Code::WriteInsNotAllowed, "writeIns")]
    );
    assert_eq!(
        problems(&question, &writing(&[(8, 1)], &["a", &"b".repeat(121)])),
        [
            at(Code::ChoiceCountAboveMaximum, "writeIns"),
            at(Code::TooLong, "writeIns.1"),
        ]
    );
    let draft = writing(&[(8, 1)], &["  Met  de trein "]);
    let answer = draft.answer(
        &fixture::poll(),
        &question,
        &known(),
        None,
        fixture::OPENING,
    );
    assert_eq!(answer.other_text.as_deref(), Some("Met de trein"));
    assert_eq!((answer.marks, answer.writings), (draft.marks, vec![]));
}

#[test]
fn words_count_together_and_each_once() {
    let mut question = fixture::question(QuestionKind::WordCloud);
    question.rules.max_answers = Some(3);
    question.rules.max_length = Some(25);
    assert_eq!(
        problems(
            &question,
            &writing(&[], &["Rust", "rust", "RUST ", "ruimte", "water"])
        ),
        []
    );
    assert_eq!(
        problems(&question, &writing(&[(1, 1)], &["rust", "ruimte"])),
        []
    );
    assert_eq!(
        problems(&question, &writing(&[(1, 1), (2, 1)], &["rust", "ruimte"])),
        [at(Code::ChoiceCountAboveMaximum, "writeIns")]
    );
    assert_eq!(
        problems(
            &question,
            &writing(&[(1, 2)], &["", &"a".repeat(26), "a\u{202E}"])
        ),
        [
            at(Code::Required, "writeIns.0"),
            at(Code::TooLong, "writeIns.1"),
            at(Code::ForbiddenCharacter, "writeIns.2"),
            at(Code::ScoreInvalid, "marks.0.value"),
        ]
    );
    assert_eq!(
        problems(&question, &writing(&[], &[])),
        [at(Code::ChoiceCountBelowMinimum, "marks")]
    );
    let draft = writing(&[(1, 1)], &["Ruimte", "ruimte"]);
    let answer = draft.answer(
        &fixture::poll(),
        &question,
        &known(),
        None,
        fixture::OPENING,
    );
    let labels: Vec<_> = answer
        .writings
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    assert_eq!((labels, answer.marks), (vec!["ruimte"], draft.marks));
}

#[test]
fn one_writes_so_many_answers_and_supports_any() {
    let mut question = fixture::question(QuestionKind::Open);
    question.rules.max_answers = Some(2);
    question.rules.max_length = Some(500);
    let support = [(1, 1), (2, 1), (3, 1), (4, 1)];
    assert_eq!(
        problems(&question, &writing(&support, &["Een", "Twee"])),
        []
    );
    assert_eq!(problems(&question, &writing(&support, &[])), []);
    assert_eq!(
        problems(&question, &writing(&[], &["Een", "Twee", "Drie"])),
        [at(Code::ChoiceCountAboveMaximum, "writeIns")]
    );
    // What one wrote before counts as well.
    let mut known = known();
    known.get_mut(&option(1)).unwrap().own = true;
    let again = writing(&[(1, 1)], &["Twee", "Drie"]);
    assert_eq!(
        again.problems(&question, &known),
        [BallotRefusal::WriteInsAboveMaximum(2)]
    );
    assert_eq!(
        writing(&[(1, 1)], &["Twee"]).problems(&question, &known),
        []
    );
}

#[test]
fn only_what_everyone_sees_takes_marks_and_what_one_wrote() {
    let voter = VoterKey(vec![1; 32]);
    let named = |moderation, own: bool| Named {
        question: fixture::question(QuestionKind::Open).id,
        role: OptionRole::Choice,
        moderation,
        written_by: own.then(|| voter.clone()),
    };
    let mut options: HashMap<OptionId, Named> = [
        (option(1), named(OptionModeration::Approved, false)),
        (option(2), named(OptionModeration::Pending, true)),
        (option(3), named(OptionModeration::Pending, false)),
        (option(4), named(OptionModeration::Rejected, true)),
        (option(5), named(OptionModeration::Approved, false)),
    ]
    .into();
    options.get_mut(&option(5)).unwrap().question = QuestionId(uuid::Uuid::max());
    let held = Held {
        marks: [(option(2), 1), (option(4), 1)].into(),
        ..Held::test(fixture::OPENING)
    };
    let draft = ballot(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)]);
    let known = |held| {
        draft.known(
            fixture::question(QuestionKind::Open).id,
            &options,
            &voter,
            held,
        )
    };
    let ids = |held| {
        let mut ids: Vec<OptionId> = known(held).into_keys().collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(None), [option(1)]);
    assert_eq!(ids(Some(&held)), [option(1), option(2)]);
    assert!(known(Some(&held))[&option(2)].own);
    assert!(!known(Some(&held))[&option(1)].own);
}

#[test]
fn a_quiz_stores_what_the_answer_earns_and_keeps_it() {
    let mut question = question(QuestionKind::Quiz, 1, 1);
    question.rules.time_limit_seconds = Some(10);
    let (poll, known) = (fixture::poll(), known());
    let at = |seconds| fixture::OPENING + chrono::TimeDelta::seconds(seconds);
    let value = |option, held: Option<&Held>, seconds| {
        ballot(&[(option, 1)])
            .answer(&poll, &question, &known, held, at(seconds))
            .marks[0]
            .value
    };
    assert_eq!(value(1, None, 0), 1_000);
    assert_eq!(value(1, None, 5), 750);
    let held = Held {
        marks: [(option(1), 900)].into(),
        ..Held::test(at(2))
    };
    assert_eq!(
        value(1, Some(&held), 5),
        900,
        "the same again keeps its points"
    );
    assert_eq!(value(2, Some(&held), 5), 750, "another answer starts anew");
}

#[test]
fn zero_points_are_no_mark() {
    let mut question = question(QuestionKind::Points, 1, 4);
    question.rules.budget = Some(100);
    let draft = ballot(&[(1, 0), (2, 7)]);
    let answer = draft.answer(
        &fixture::poll(),
        &question,
        &known(),
        None,
        fixture::OPENING,
    );
    assert_eq!(answer.marks, ballot(&[(2, 7)]).marks);
}

#[test]
fn the_digest_knows_texts_and_not_their_order_or_spelling() {
    let one = writing(&[], &["Rust", "Ruimte"]).digest();
    assert_eq!(one, writing(&[], &["ruimte", " RUST", "rust"]).digest());
    assert_ne!(one, writing(&[], &["rust"]).digest());
    assert_ne!(one, writing(&[(1, 1)], &["rust", "ruimte"]).digest());
}

proptest! {
    /// A ranking passes exactly when its places, sorted, are 1 up to their number.
    #[test]
    fn rankings_pass_exactly_when_their_places_are_a_sequence(
        places in prop::collection::vec(-1_i32..6, 1..5),
    ) {
        let question = question(QuestionKind::Ranking, 1, 4);
        let marks: Vec<(u128, i32)> = (1..).zip(places.iter().copied()).collect();
        let mut sorted = places;
        sorted.sort_unstable();
        let sequence = sorted.iter().copied().eq(1..=i32::try_from(sorted.len()).unwrap());
        prop_assert_eq!(problems(&question, &ballot(&marks)).is_empty(), sequence);
    }

    /// Points pass exactly when none is below 0, some are given, and they fit the budget.
    #[test]
    fn points_pass_exactly_when_they_fit(
        points in prop::collection::vec(-2_i32..40, 1..5),
        spend_all in any::<bool>(),
    ) {
        let mut question = question(QuestionKind::Points, 1, 4);
        question.rules.budget = Some(50);
        question.rules.spend_all = spend_all;
        let marks: Vec<(u128, i32)> = (1..).zip(points.iter().copied()).collect();
        let sum: i32 = points.iter().sum();
        let fits = points.iter().all(|points| *points >= 0)
            && (1..=50).contains(&sum)
            && (!spend_all || sum == 50);
        prop_assert_eq!(problems(&question, &ballot(&marks)).is_empty(), fits);
    }
}
