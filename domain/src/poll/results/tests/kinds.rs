//! The further kinds of question against numbers worked out by hand.

use super::*;

fn ruled(kind: QuestionKind, min: i32, max: i32) -> Question {
    let mut question = fixture::question(kind);
    question.rules.scale_min = Some(min);
    question.rules.scale_max = Some(max);
    question
}

fn counted(counts: &[ValueCount]) -> Vec<(i32, i64)> {
    counts
        .iter()
        .map(|entry| (entry.value, entry.count))
        .collect()
}

fn ranks(found: &QuestionResults) -> Vec<Option<i32>> {
    found.options.iter().map(|option| option.rank).collect()
}

#[test]
fn a_scale_has_mean_median_and_every_step() {
    let scale = ruled(QuestionKind::Scale, 1, 5);
    // 5, 5, 4, 2 and 3, 1; the third is left out by all.
    let counts = [(1, 5, 2), (1, 4, 1), (1, 2, 1), (2, 3, 1), (2, 1, 1)];
    let found = of(&scale, false, 4, 1, &counts);
    let one = &found.options[0];
    assert_eq!((one.voter_count, one.total, one.share), (4, Some(16), None));
    near(one.mean, 4.0);
    near(one.median, 4.5);
    assert_eq!(
        counted(&one.distribution),
        [(1, 0), (2, 1), (3, 0), (4, 1), (5, 2)]
    );
    near(found.options[1].mean, 2.0);
    let none = &found.options[2];
    assert_eq!(
        (none.voter_count, none.total, none.mean, none.median),
        (0, Some(0), None, None)
    );
    assert_eq!(none.distribution.len(), 5);
    assert_eq!(ranks(&found), [Some(1), Some(2), None]);
    assert_eq!(
        found.summary(Locale::Nl),
        "4 mensen hebben gestemd; op een schaal van 1 tot 5 scoort het hoogst ‘Optie 1’ \
         (gemiddeld 4), het laagst ‘Optie 2’ (gemiddeld 2); 1 persoon sloeg de vraag over."
    );
    assert_eq!(
        found.summary(Locale::En),
        "4 people voted; on a scale from 1 to 5, highest is “Optie 1” (4 on average), lowest \
         “Optie 2” (2 on average); 1 person skipped the question."
    );
    let alone = with(
        &scale,
        false,
        3,
        0,
        vec![fixture::option(1)],
        &[(1, 4, 2), (1, 3, 1)],
    );
    assert_eq!(
        alone.summary(Locale::Nl),
        "3 mensen hebben gestemd; gemiddeld 3,7 op een schaal van 1 tot 5."
    );
}

#[test]
fn equal_means_share_a_place_however_many_gave_them() {
    // 2 of 3 against 4 of 6: equal, though neither is a round fraction.
    let counts = [(1, 1, 2), (1, 0, 1), (2, 1, 4), (2, 0, 2), (3, 1, 1)];
    let found = of(&ruled(QuestionKind::Scale, 0, 1), false, 6, 0, &counts);
    assert_eq!(ranks(&found), [Some(2), Some(2), Some(1)]);
}

#[test]
fn a_ranking_counts_borda_and_mean_places() {
    let mut ranking = fixture::question(QuestionKind::Ranking);
    ranking.rules.max_choices = Some(3);
    // Ballots: 1 2 3, 1 3 2, 2 1 3, and one that ranks 3 only.
    let counts = [
        (1, 1, 2),
        (1, 2, 1),
        (2, 1, 1),
        (2, 2, 1),
        (2, 3, 1),
        (3, 1, 1),
        (3, 2, 1),
        (3, 3, 2),
    ];
    let found = of(&ranking, false, 4, 0, &counts);
    // Of three options 2, 1 and 0 points: 2+2+1, 2+1+0, 2+1+0+0.
    for (option, score) in found.options.iter().zip([5.0, 3.0, 3.0]) {
        near(option.score, score);
    }
    assert_eq!(ranks(&found), [Some(1), Some(2), Some(2)]);
    let one = &found.options[0];
    near(one.share, 0.5);
    near(one.mean, 4.0 / 3.0);
    near(one.median, 1.0);
    assert_eq!((one.voter_count, one.total), (3, None));
    assert_eq!(counted(&one.distribution), [(1, 2), (2, 1), (3, 0)]);
    near(found.options[2].median, 2.5);
    assert_eq!(
        found.summary(Locale::Nl),
        "4 mensen hebben gestemd; bovenaan staat ‘Optie 1’ (gemiddelde plaats 1,3)."
    );
    assert_eq!(
        found.summary(Locale::En),
        "4 people voted; at the top is “Optie 1” (place 1.3 on average)."
    );
}

#[test]
fn none_of_the_above_is_no_part_of_a_ranking_or_of_points() {
    let mut none = fixture::option(3);
    none.role = OptionRole::NoneOfTheAbove;
    let options = vec![fixture::option(1), fixture::option(2), none];
    let mut ranking = fixture::question(QuestionKind::Ranking);
    ranking.rules.max_choices = Some(2);
    let counts = [(1, 1, 2), (2, 2, 2), (3, 1, 2)];
    let found = with(&ranking, false, 4, 0, options.clone(), &counts);
    // Of two options, so 1 point for the first place.
    near(found.options[0].score, 2.0);
    assert_eq!(found.options[2].score, None);
    assert_eq!(ranks(&found), [Some(1), Some(2), None]);
    near(found.options[2].share, 0.5);

    let points = fixture::question(QuestionKind::Points);
    let counts = [(1, 75, 2), (2, 25, 2), (3, 1, 2)];
    let found = with(&points, false, 4, 0, options, &counts);
    near(found.options[0].share, 0.75);
    near(found.options[0].mean, 37.5);
    assert_eq!(
        (found.options[2].total, found.options[2].rank),
        (None, None)
    );
    near(found.options[2].share, 0.5);
    assert_eq!(counted(&found.options[2].distribution), [(1, 2)]);
}

#[test]
fn points_are_shared_of_all_points_and_meant_of_all_voters() {
    // Ballots of 100 points: 60 40 0, 100 0 0, 20 30 50, and 10 0 0 of a careful one.
    let counts = [
        (1, 60, 1),
        (1, 100, 1),
        (1, 20, 1),
        (1, 10, 1),
        (2, 40, 1),
        (2, 30, 1),
        (3, 50, 1),
    ];
    let found = of(
        &fixture::question(QuestionKind::Points),
        false,
        4,
        0,
        &counts,
    );
    let (one, two, three) = (&found.options[0], &found.options[1], &found.options[2]);
    assert_eq!(
        (one.total, two.total, three.total),
        (Some(190), Some(70), Some(50))
    );
    near(one.share, 190.0 / 310.0);
    near(one.mean, 47.5);
    near(one.median, 40.0);
    assert_eq!(
        counted(&one.distribution),
        [(0, 0), (10, 1), (20, 1), (60, 1), (100, 1)]
    );
    assert_eq!(two.voter_count, 2);
    near(two.mean, 17.5);
    near(two.median, 15.0);
    assert_eq!(counted(&two.distribution), [(0, 2), (30, 1), (40, 1)]);
    near(three.median, 0.0);
    assert_eq!(ranks(&found), [Some(1), Some(2), Some(3)]);
    assert_eq!(
        found.summary(Locale::Nl),
        "4 mensen hebben gestemd; de meeste punten kreeg ‘Optie 1’ (61% van alle punten)."
    );
    let nobody = of(&fixture::question(QuestionKind::Points), false, 0, 0, &[]);
    let one = &nobody.options[0];
    assert_eq!(
        (one.share, one.mean, one.median, one.rank),
        (None, None, None, None)
    );
}

fn guess(target: Option<i32>, revealed: bool, counts: &[(u128, i32, i64)]) -> QuestionResults {
    let mut question = ruled(QuestionKind::Number, 0, 100_000);
    question.answer = target;
    let voters = counts.iter().map(|(_, _, count)| count).sum();
    with(
        &question,
        revealed,
        voters,
        0,
        vec![fixture::option(1)],
        counts,
    )
}

#[test]
fn numbers_have_a_histogram_and_the_nearest_once_revealed() {
    let counts = [(1, 30, 2), (1, 36, 3), (1, 38, 1), (1, 90, 1)];
    let found = guess(Some(37), true, &counts);
    let one = &found.options[0];
    assert_eq!((one.voter_count, one.total, one.rank), (7, Some(296), None));
    near(one.mean, 296.0 / 7.0);
    near(one.median, 36.0);
    assert_eq!(
        counted(&one.distribution),
        [(30, 2), (36, 3), (38, 1), (90, 1)]
    );
    assert_eq!(one.distribution_step, 1);
    assert_eq!(counted(one.nearest.as_deref().unwrap()), [(36, 3), (38, 1)]);
    assert_eq!(
        found.summary(Locale::Nl),
        "7 mensen hebben gestemd; gemiddeld 42,3, de middelste waarde is 36; het goede getal is \
         37, het dichtst erbij zat 36 en 38 (4 keer)."
    );
    assert_eq!(
        found.summary(Locale::En),
        "7 people voted; 42.3 on average, the middle value is 36; the right number is 37, nearest \
         was 36 and 38 (4 times)."
    );
    let hidden = guess(Some(37), false, &counts);
    assert_eq!(hidden.options[0].nearest, None);
    assert!(!hidden.summary(Locale::En).contains("37"));
    assert_eq!(guess(None, true, &counts).options[0].nearest, None);
    let exact = guess(Some(36), true, &counts);
    assert_eq!(
        counted(exact.options[0].nearest.as_deref().unwrap()),
        [(36, 3)]
    );
    assert_eq!(
        guess(Some(36), true, &[]).options[0].nearest.as_deref(),
        Some(&[][..])
    );
}

#[test]
fn many_numbers_are_grouped_and_still_exact() {
    let counts: Vec<(u128, i32, i64)> = (-150..150).map(|value| (1, value, 1)).collect();
    let found = guess(Some(0), true, &counts);
    let one = &found.options[0];
    assert_eq!(one.distribution_step, 5);
    assert_eq!(one.distribution.len(), 60);
    assert_eq!(counted(&one.distribution)[..2], [(-150, 5), (-145, 5)]);
    near(one.mean, -0.5);
    near(one.median, -0.5);
    assert_eq!(counted(one.nearest.as_deref().unwrap()), [(0, 1)]);
    let wide: Vec<(u128, i32, i64)> = (0..101)
        .map(|nth| (1, nth * 20_000_000 - 1_000_000_000, 1))
        .collect();
    let one = &guess(None, true, &wide).options[0];
    assert_eq!(one.distribution_step, 50_000_000);
    assert_eq!(
        one.distribution
            .iter()
            .map(|entry| entry.count)
            .sum::<i64>(),
        101
    );
}

#[test]
fn a_quiz_tells_what_is_right_and_earned_only_once_revealed() {
    let quiz = fixture::question(QuestionKind::Quiz);
    let mut options: Vec<PollOption> = (1..=3).map(fixture::option).collect();
    options[1].right = true;
    // Seven are right, five of them at once; three are wrong.
    let counts = [
        (1, 1000, 2),
        (1, 900, 1),
        (2, 1000, 5),
        (2, 750, 1),
        (2, 500, 1),
    ];
    let hidden = with(&quiz, false, 10, 0, options.clone(), &counts);
    for option in &hidden.options {
        assert_eq!(
            (option.option.is_right, option.total, option.score),
            (None, None, None)
        );
        assert_eq!((option.mean, option.median), (None, None));
    }
    assert_eq!(counted(&hidden.options[1].distribution), [(1, 7)]);
    near(hidden.options[1].share, 0.7);
    assert_eq!(ranks(&hidden), [Some(2), Some(1), Some(3)]);
    assert!(!hidden.summary(Locale::Nl).contains("goed"));
    let shown = with(&quiz, true, 10, 0, options, &counts);
    assert_eq!(shown.options[1].option.is_right, Some(true));
    assert_eq!(shown.options[0].option.is_right, Some(false));
    assert_eq!(
        (shown.options[1].total, shown.options[0].total),
        (Some(6_250), Some(0))
    );
    near(shown.options[1].score, 6_250.0 / 7.0);
    near(shown.options[0].score, 0.0);
    assert_eq!(shown.options[2].score, None);
    assert_eq!(counted(&shown.options[1].distribution), [(1, 7)]);
    assert_eq!(
        shown.summary(Locale::Nl),
        "10 mensen hebben gestemd; het goede antwoord is ‘Optie 2’; 7 mensen (70%) hadden het goed."
    );
    assert_eq!(
        shown.summary(Locale::En),
        "10 people voted; the right answer is “Optie 2”; 7 people (70%) had it right."
    );
}

#[test]
fn a_cloud_shows_its_top_100_without_stop_words() {
    let words: Vec<PollOption> = (1..=130)
        .map(|number| PollOption {
            label: if number == 130 {
                "het".to_owned()
            } else {
                format!("woord {number}")
            },
            ..fixture::option(number)
        })
        .collect();
    let counts: Vec<(u128, i32, i64)> = (1..=130)
        .map(|number: i64| {
            (
                u128::try_from(number).unwrap(),
                1,
                if number == 7 { 0 } else { number },
            )
        })
        .collect();
    let cloud = fixture::question(QuestionKind::WordCloud);
    let found = with(&cloud, false, 200, 0, words.clone(), &counts);
    assert_eq!(found.options.len(), 100);
    let first = &found.options[0];
    assert_eq!(
        (first.option.label.as_str(), first.voter_count, first.rank),
        ("woord 129", 129, Some(2))
    );
    near(first.share, 129.0 / 200.0);
    assert_eq!(found.options[99].option.label, "woord 30");
    assert_eq!(
        found.summary(Locale::Nl),
        "200 mensen hebben gestemd; het vaakst genoemd is ‘het’ (130 keer).",
        "what is really the most frequent"
    );
    // Open answers are shown whatever they say.
    let open = with(
        &fixture::question(QuestionKind::Open),
        false,
        200,
        0,
        words,
        &counts,
    );
    assert_eq!(open.options[0].option.label, "het");
    assert_eq!(
        open.summary(Locale::En),
        "200 people voted; the most supported is “het” (130 people)."
    );
}

#[test]
fn what_nobody_stands_behind_is_not_shown() {
    let open = fixture::question(QuestionKind::Open);
    let found = of(&open, false, 2, 0, &[(2, 1, 1), (3, 1, 1), (1, 1, 0)]);
    let labels: Vec<_> = found
        .options
        .iter()
        .map(|one| one.option.label.as_str())
        .collect();
    assert_eq!(labels, ["Optie 2", "Optie 3"]);
    assert_eq!(ranks(&found), [Some(1), Some(1)]);
    assert_eq!(
        found.summary(Locale::Nl),
        "2 mensen hebben gestemd; evenveel en de meeste steun kregen ‘Optie 2’ en ‘Optie 3’ (elk \
         1 persoon)."
    );
}
