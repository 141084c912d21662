use proptest::prelude::*;

use super::*;

const TITLE: Limits = Limits::new(1, 120);
const OPTIONAL: Limits = Limits::new(0, 120);
const BODY: Limits = Limits::new(1, 10_000);

#[test]
fn a_line_is_trimmed_and_composed() {
    assert_eq!(line(" \u{A0}Cafe\u{301}  in\tZwolle", TITLE), forbidden());
    assert_eq!(
        line("\n\u{3000}Cafe\u{301}  in Zwolle \r\n", TITLE),
        Ok("Café  in Zwolle".into())
    );
    assert_eq!(line("een\ntwee", TITLE), forbidden());
    assert_eq!(line("een\rtwee", TITLE), forbidden());
}

#[test]
fn paragraphs_end_in_line_feeds() {
    assert_eq!(
        paragraphs("a\r\nb\rc\n\n\td\r\n", BODY),
        Ok("a\nb\nc\n\n\td".into())
    );
}

#[test]
fn lengths_are_counted_in_graphemes() {
    let limits = Limits::new(2, 3);
    assert_eq!(line("a", limits), Err(Problem::TooShort { min: 2 }));
    assert_eq!(
        line("👩‍👩‍👧‍👦🇳🇱e\u{301}", limits).map(|text| text.chars().count()),
        Ok(10)
    );
    assert_eq!(line("abcd", limits), Err(Problem::TooLong { max: 3 }));
}

#[test]
fn what_cannot_be_seen_is_empty() {
    let fillers = "\u{200B}\u{200D}\u{AD}\u{3164}\u{115F}\u{1160}\u{FFA0}\u{2800}\u{FE0F}\u{E0101}";
    for text in [
        "",
        " \t\r\n",
        fillers,
        "\u{2800} \u{3164}",
        "\u{200E}",
        "\u{2060}",
    ] {
        assert_eq!(line(text, TITLE), Err(Problem::Required), "{text:?}");
        assert_eq!(line(text, OPTIONAL), Ok(String::new()), "{text:?}");
        assert_eq!(paragraphs(text, TITLE), Err(Problem::Required), "{text:?}");
        assert_eq!(paragraphs(text, OPTIONAL), Ok(String::new()), "{text:?}");
    }
}

#[test]
fn characters_that_hide_or_reorder_are_refused() {
    let singles = "\0\u{1}\u{7}\u{B}\u{C}\u{1B}\u{7F}\u{85}\u{9F}\u{2028}\u{2029}\u{FEFF}\u{FDD0}\u{FDEF}\
                   \u{FFF9}\u{FFFB}\u{FFFE}\u{FFFF}\u{1FFFE}\u{10FFFF}\u{E0001}\u{E0020}\u{E007F}";
    let ranges = ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}');
    for character in singles.chars().chain(ranges) {
        let text = format!("a{character}b");
        assert_eq!(line(&text, TITLE), forbidden(), "{character:?}");
        assert_eq!(paragraphs(&text, TITLE), forbidden(), "{character:?}");
    }
}

#[test]
fn emoji_persian_and_direction_marks_are_allowed() {
    let scotland = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
    for text in [
        scotland,
        "👨‍👩‍👧",
        "می‌خواهم",
        "a\u{200E}b\u{200F}",
        "x\u{200B}y",
        "🏴‍☠️",
        "a\u{FFFC}",
    ] {
        assert_eq!(line(text, TITLE), Ok(text.into()));
    }
    let unended = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}";
    let hidden = format!("\u{1F3F4}{}\u{E007F}", "\u{E0061}".repeat(7));
    let after = format!("{scotland}\u{E0061}");
    for text in [unended, &hidden, &after] {
        assert_eq!(line(text, TITLE), forbidden(), "{text:?}");
    }
}

#[test]
fn stacks_of_marks_are_bounded() {
    assert!(line(&format!("a{}", "\u{316}".repeat(31)), TITLE).is_ok());
    assert_eq!(
        line(&format!("a{}", "\u{316}".repeat(32)), TITLE),
        forbidden()
    );
    let stacks = format!("a{}", "\u{316}".repeat(9)).repeat(10);
    assert_eq!(
        line(&stacks, Limits::new(1, 10)),
        Err(Problem::TooLong { max: 10 })
    );
}

#[test]
fn a_huge_text_is_refused_by_its_length() {
    for unit in [
        "a",
        " ",
        "\r",
        "\u{301}",
        "🇳🇱",
        "👨\u{200D}",
        "क\u{94D}",
        "\u{1F3F4}\u{E0067}",
        "가",
    ] {
        let text = format!("a{}a", unit.repeat(20_000));
        assert_eq!(
            line(&text, Limits::new(1, 100)),
            Err(Problem::TooLong { max: 100 })
        );
    }
}

#[test]
fn slugs_are_plain_words() {
    for (title, expected) in [
        ("Windmolens langs de IJssel?", "windmolens-langs-de-ijssel"),
        (
            "  Eén Ĳsvogel & de Straße -- Øst/Ærø  ",
            "een-ijsvogel-de-strasse-ost-aero",
        ),
        ("Foto’s uit 's-Hertogenbosch", "fotos-uit-s-hertogenbosch"),
        ("½ jaar, 30 km²", "1-2-jaar-30-km2"),
        ("ŁÓDŹ œuvre Þing", "lodz-oeuvre-thing"),
        ("ﬁets\u{AD}pad", "fietspad"),
        ("!!! 日本 🇳🇱", "x"),
        ("", "x"),
    ] {
        assert_eq!(slug(title), expected);
    }
}

#[test]
fn slugs_are_cut_at_a_word() {
    assert_eq!(slug(&"a".repeat(200)), "a".repeat(80));
    assert_eq!(slug(&"negen ".repeat(20)), ["negen"; 13].join("-"));
    let fits = format!("{} b", "a".repeat(78));
    assert_eq!(slug(&fits).len(), 80);
    assert_eq!(slug(&format!("{} b", "a".repeat(80))), "a".repeat(80));
    assert_eq!(
        slug(&format!("{}ß", "a".repeat(79))),
        format!("{}s", "a".repeat(79))
    );
}

#[test]
fn apostrophes_and_hyphens_fold_to_those_of_a_keyboard() {
    for apostrophe in ["'", "’", "‘", "‛", "ʼ", "ʹ", "′", "´", "`", "＇", "ꞌ"] {
        assert_eq!(
            folded(&format!("foto{apostrophe}s")),
            "foto's",
            "{apostrophe}"
        );
    }
    for hyphen in [
        "-", "‐", "‑", "‒", "–", "—", "―", "−", "﹣", "－", "⁃", "﹘",
    ] {
        assert_eq!(
            folded(&format!("Oost{hyphen}West")),
            "oost-west",
            "{hyphen}"
        );
    }
}

#[test]
fn texts_that_look_alike_are_alike() {
    for (one, other) in [
        ("Ja", "Ja\u{200B}"),
        ("Meer bomen", "Meer  bomen"),
        ("fietspad", "fiets\u{AD}pad"),
        ("Straße", "STRASSE"),
        ("foto’s", "FOTO'S"),
    ] {
        assert_eq!(alike(one), alike(other), "{one} {other}");
    }
    let flag = |letters: &str| {
        let tags = letters
            .bytes()
            .filter_map(|byte| char::from_u32(0xE0000 + u32::from(byte)));
        format!("{BLACK_FLAG}{}{CANCEL_TAG}", tags.collect::<String>())
    };
    assert_ne!(alike(&flag("gbeng")), alike(&flag("gbsct")));
    assert_eq!(alike(&flag("gbeng")), alike(&flag("gbeng")));
    assert_ne!(alike(&flag("gbeng")), alike("🏴"));
}

#[test]
fn titles_are_sorted_by_their_letters() {
    let mut titles = [
        "Überfracht",
        "zon",
        "Éen fietspad",
        "‘Een brug’",
        "een boom",
        "Auto’s",
        "Auto's weg",
        "Autobus",
    ];
    titles.sort_by_key(|title| sort_key(title));
    assert_eq!(
        titles,
        [
            "Auto’s",
            "Auto's weg",
            "Autobus",
            "een boom",
            "‘Een brug’",
            "Éen fietspad",
            "Überfracht",
            "zon"
        ]
    );
    assert_eq!(sort_key("🌳!"), "🌳!");
    assert_eq!(sort_key(&"é".repeat(2_000)).len(), 1_000);
    assert!(sort_key(&"中".repeat(2_000)).len() <= 1_000);
}

fn forbidden() -> Result<String, Problem> {
    Err(Problem::ForbiddenCharacter)
}

fn any_text() -> impl Strategy<Value = String> {
    let odd = "[\\x00-\\x20a-z\u{AD}\u{301}\u{316}\u{200B}-\u{200F}\u{2028}\u{202E}\u{3164}\u{212B}\u{1D160}\u{1F3F4}\u{E0061}\u{E007F}가é]{0,40}";
    prop_oneof![any::<String>(), odd, "\\PC{0,60}"]
}

proptest! {
    #[test]
    fn a_checked_text_passes_again(raw in any_text()) {
        for limits in [OPTIONAL, Limits::new(2, 20)] {
            if let Ok(text) = line(&raw, limits) {
                prop_assert_eq!(line(&text, limits), Ok(text.clone()));
                prop_assert_eq!(paragraphs(&text, limits), Ok(text));
            }
            if let Ok(text) = paragraphs(&raw, limits) {
                prop_assert_eq!(paragraphs(&text, limits), Ok(text.clone()));
                prop_assert!(text.is_empty() || text.graphemes(true).count() >= limits.min);
                prop_assert!(text.graphemes(true).count() <= limits.max);
            }
        }
    }

    #[test]
    fn a_slug_is_an_address_part(title in any_text()) {
        let slug = slug(&title);
        prop_assert!((1..=80).contains(&slug.len()));
        prop_assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        prop_assert_eq!(super::slug(&slug), slug.clone());
    }
}
