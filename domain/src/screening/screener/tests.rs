use std::fs;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn screener(list: &str) -> Screener {
    let list = WordList::parse(list).unwrap();
    Screener::new(
        Thresholds::default(),
        BTreeMap::from([("nl".to_owned(), list)]),
    )
}

fn screened(texts: &[&str]) -> Screening {
    let contribution = Contribution {
        language: Some("nl"),
        texts,
    };
    screener("poep").screen(contribution, &Circumstances::default())
}

fn by(known: &Circumstances) -> Vec<&'static str> {
    let contribution = Contribution {
        language: Some("nl"),
        texts: &["Meer bomen in de straat."],
    };
    let screening = screener("").screen(contribution, known);
    screening
        .codes()
        .into_iter()
        .map(FindingCode::as_str)
        .collect()
}

#[test]
fn an_ordinary_text_is_passed_without_a_word() {
    let text = "In Zwolle-Zuid (8017 AB) is op 06-12-2024 om 14:30 uur een bijeenkomst; zie ook \
        https://www.overijssel.nl/loket?id=123456782. Het kost € 123.456.789, of 12% van 2024. \
        Komt u ook? Graag! NS en RIVM doen mee.";
    let screening = screened(&[text]);
    assert_eq!(screening.findings(), []);
    assert!(!screening.is_held());
}

#[test]
fn every_check_finds_what_it_is_for_and_says_where() {
    for (text, code, excerpt, is_held) in [
        (
            "Kijk https://voorbeeld.example/heel/goedkoop",
            "MOSTLY_LINKS",
            "Kijk https://voorbeeld.example/heel/goedkoop",
            true,
        ),
        (
            "www.voorbeeld.example",
            "MOSTLY_LINKS",
            "www.voorbeeld.example",
            true,
        ),
        (
            "DIT IS TOCH NIET NORMAAL meer",
            "MANY_CAPITALS",
            "DIT IS TOCH NIET NORMAAL meer",
            false,
        ),
        ("Waarom dan niet?! Nou.", "REPEATED_SIGNS", "?!", false),
        (
            "Waarom dan niet\u{203C} Nou.",
            "REPEATED_SIGNS",
            "\u{203C}",
            false,
        ),
        ("Wat een POEP zeg", "LISTED_WORD", "POEP", true),
        (
            "Mail jan.de.boer@voorbeeld.example maar",
            "PERSONAL_DATA",
            "jan.de.boer@voorbeeld.example",
            true,
        ),
        ("Bel 06-12345678 maar", "PERSONAL_DATA", "06-12345678", true),
        (
            "Bel ０６-１２３４５６７８ maar",
            "PERSONAL_DATA",
            "０６-１２３４５６７８",
            true,
        ),
        (
            "Bel 06 \u{2013} 12345678 maar",
            "PERSONAL_DATA",
            "06 \u{2013} 12345678",
            true,
        ),
        (
            "Bel 06\u{2011}12345678 maar",
            "PERSONAL_DATA",
            "06\u{2011}12345678",
            true,
        ),
        (
            "Naar NL91 ABNA 0417 1643 00 graag",
            "PERSONAL_DATA",
            "NL91 ABNA 0417 1643 00",
            true,
        ),
        (
            "Mijn bsn is 111222333, hoor",
            "PERSONAL_DATA",
            "111222333",
            true,
        ),
    ] {
        let screening = screened(&["Een titel", text]);
        let [finding] = screening.findings() else {
            panic!("{text}: {:?}", screening.findings());
        };
        assert_eq!(finding.code.as_str(), code, "{text}");
        let place = finding.place.as_ref().unwrap();
        assert_eq!(
            (place.text, &text[place.range.clone()]),
            (1, excerpt),
            "{text}"
        );
        assert_eq!(screening.is_held(), is_held, "{text}");
    }
}

#[test]
fn circumstances_speak_from_their_threshold_on() {
    let known = Circumstances::default;
    assert_eq!(by(&known()), Vec::<&str>::new());
    let filled = Circumstances {
        honeypot_filled: true,
        ..known()
    };
    assert_eq!(by(&filled), ["HONEYPOT_FILLED"]);
    for (took, expected) in [(2_999, &["SENT_TOO_FAST"][..]), (3_000, &[]), (-5_000, &[])] {
        let filled_in_within = Some(TimeDelta::milliseconds(took));
        assert_eq!(
            by(&Circumstances {
                filled_in_within,
                ..known()
            }),
            expected,
            "{took}"
        );
    }
    assert_eq!(
        by(&Circumstances {
            recent: 5,
            ..known()
        }),
        Vec::<&str>::new()
    );
    assert_eq!(
        by(&Circumstances {
            recent: 6,
            ..known()
        }),
        ["TOO_MANY_RECENTLY"]
    );
    assert_eq!(
        by(&Circumstances {
            seen_lately: true,
            ..known()
        }),
        ["TEXT_REPEATED"]
    );
    assert_eq!(
        by(&Circumstances {
            earlier: Some(1),
            ..known()
        }),
        ["NEW_AUTHOR"]
    );
    assert_eq!(
        by(&Circumstances {
            earlier: Some(2),
            ..known()
        }),
        Vec::<&str>::new()
    );
    assert_eq!(
        by(&Circumstances {
            held_first: true,
            ..known()
        }),
        ["READ_FIRST"]
    );
}

#[test]
fn who_works_here_is_warned_and_never_held() {
    let known = Circumstances {
        trusted: true,
        held_first: true,
        ..Circumstances::default()
    };
    let contribution = Contribution {
        language: None,
        texts: &["Bel 06-12345678"],
    };
    let screening = screener("").screen(contribution, &known);
    assert_eq!(
        screening.codes(),
        [FindingCode::PersonalData, FindingCode::ReadFirst]
    );
    assert!(!screening.is_held());
}

#[test]
fn a_list_counts_for_its_language_and_for_texts_without_one() {
    let lists = BTreeMap::from([
        ("nl".to_owned(), WordList::parse("poep").unwrap()),
        ("en".to_owned(), WordList::parse("poo").unwrap()),
    ]);
    let screener = Screener::new(Thresholds::default(), lists);
    let held = |language, text| {
        let contribution = Contribution {
            language,
            texts: &[text],
        };
        screener
            .screen(contribution, &Circumstances::default())
            .is_held()
    };
    assert!(held(Some("nl"), "poep") && !held(Some("nl"), "poo"));
    assert!(held(Some("en"), "poo") && !held(Some("en"), "poep"));
    assert!(held(None, "poep") && held(None, "poo"));
    assert!(!held(Some("de"), "poep"));
}

#[test]
fn findings_are_bounded() {
    let text = "poep 111222333 ".repeat(1_000);
    assert_eq!(screened(&[&text]).findings().len(), 2 * MOST);
}

/// A file of the data that is shared with other projects; none where it is not here.
fn shared(file: &str) -> Option<String> {
    let path = format!("{}/../../shared/data/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).ok()
}

/// The column of each line behind the first of a CSV file without quotes.
fn column(csv: &str, index: usize) -> impl Iterator<Item = &str> {
    csv.lines()
        .skip(1)
        .filter_map(move |line| line.split(',').nth(index))
}

#[test]
fn no_place_in_overijssel_is_held() {
    let (Some(places), Some(words)) = (
        shared("nl-geo/kernen-overijssel.csv"),
        shared("nl-lang/profanity-nl.csv"),
    ) else {
        return;
    };
    // What one list alone has is noise, as its source says.
    let listed: Vec<&str> = words
        .lines()
        .skip(1)
        .filter(|line| line.split(',').nth(1).is_some_and(|lists| lists != "1"))
        .filter_map(|line| line.split(',').next())
        .collect();
    assert!(listed.len() > 50, "{}", listed.len());
    let screener = screener(&listed.join("\n"));
    let findings = |text: &str| {
        let contribution = Contribution {
            language: Some("nl"),
            texts: &[text],
        };
        screener
            .screen(contribution, &Circumstances::default())
            .findings
    };
    let names: Vec<&str> = column(&places, 1).chain(column(&places, 2)).collect();
    assert_eq!(names.len(), 2 * 1_138);
    for name in names.into_iter().chain(["Poepershoek", "Poepershoek-West"]) {
        for text in [
            name.to_owned(),
            format!("Ik woon al jaren in {name}, en wil meer bomen."),
        ] {
            assert_eq!(findings(&text), [], "{text}");
        }
    }
    for word in &listed {
        let text = format!("Wat een {word}, zeg.");
        assert!(
            findings(&text)
                .iter()
                .any(|finding| finding.code == FindingCode::ListedWord),
            "{text}"
        );
    }
}

#[test]
fn hostile_texts_are_screened_without_harm() {
    let Some(strings) = shared("hostile-text/blns.json") else {
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&strings).unwrap();
    for text in &strings {
        for finding in screened(&[text]).findings() {
            let range = finding.place.clone().unwrap().range;
            assert!(text.get(range).is_some(), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_screened_and_its_places_are_its_own(text in ".{0,200}", other in "\\PC{0,50}") {
        for finding in screened(&[&text, &other]).findings() {
            let place = finding.place.clone().unwrap();
            let typed = [&text, &other][place.text];
            prop_assert!(typed.get(place.range).is_some());
        }
    }

    #[test]
    fn a_listed_word_is_found_in_any_case_between_any_words(
        before in "[a-z ]{0,20}", behind in "[a-z ]{0,20}", capitals in prop::collection::vec(any::<bool>(), 4),
    ) {
        let word: String = "poep"
            .chars()
            .zip(capitals)
            .map(|(letter, capital)| if capital { letter.to_ascii_uppercase() } else { letter })
            .collect();
        let text = format!("{before} {word} {behind}");
        prop_assert!(screened(&[&text]).codes().contains(&FindingCode::ListedWord));
        let within = format!("{before}x{word}y{behind}");
        let found = screened(&[&within]).codes().contains(&FindingCode::ListedWord);
        let alone = format!("{before} {behind}").contains("poep");
        prop_assert!(!found || alone);
    }
}
