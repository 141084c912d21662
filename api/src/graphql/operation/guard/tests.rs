use std::fmt::Write;

use apollo_compiler::ast::Document;
use proptest::prelude::*;

use super::*;

fn refusal(document: &str) -> Option<Refusal> {
    check(document, &Limits::DEFAULT).err()
}

fn syntax(line: usize, column: usize) -> Refusal {
    Refusal::Syntax { line, column }
}

#[test]
fn an_ordinary_document_passes() {
    let document = r#"
        # a comment with { brackets ( and "quotes"
        query Page($slug: String! = "a } b", $ids: [[ID!]!] @d(a: {b: [1, -2.5e+3]})) @skip(if: false) {
            story(slug: $slug, text: """ block \""" { """) { ...Card author { name } again: title }
            ... on Query { a } ... @include(if: true) { b } ... { c }
        }
        fragment Card on Story { id, title ...More }
        fragment More on Story { themes { slug } }
    "#;
    assert_eq!(refusal(document), None);
}

#[test]
fn what_is_no_document_is_named_by_its_place() {
    for (document, place) in [
        ("{ a", syntax(1, 4)),
        ("{ a ) }", syntax(1, 5)),
        ("{ a }\n  ?", syntax(2, 3)),
        ("{ a(b: \"no end) }", syntax(1, 8)),
        ("{ a(b: \"\"\"no end\") }", syntax(1, 8)),
        ("{ a(b: 1x) }", syntax(1, 8)),
        ("{ a(b: -) }", syntax(1, 8)),
        ("type A { b: C }", syntax(1, 1)),
        ("query A", syntax(1, 8)),
        ("fragment", syntax(1, 1)),
        ("fragment A on B { c } fragment A on B { c }", syntax(1, 23)),
        ("{ a [b] }", syntax(1, 5)),
        ("{ a(b) }", syntax(1, 5)),
        ("{ a(b: $c d) }", syntax(1, 11)),
        ("{ a(b: [{ c: 1 d }]) }", syntax(1, 16)),
        ("{ é }", syntax(1, 3)),
    ] {
        assert_eq!(refusal(document), Some(place), "{document}");
    }
    assert_eq!(refusal(""), None, "the parser's to refuse");
}

#[test]
fn every_limit_is_inclusive() {
    let fields = |count: usize| format!("{{ {} }}", "a ".repeat(count));
    assert_eq!(refusal(&fields(1_998)), None);
    assert_eq!(
        refusal(&fields(1_999)),
        Some(Refusal::Tokens { limit: 2_000 })
    );

    let deep = |depth: usize| format!("{}a{}", "{a".repeat(depth), "}".repeat(depth));
    assert_eq!(refusal(&deep(32)), None);
    assert_eq!(refusal(&deep(33)), Some(Refusal::Nesting { limit: 32 }));

    assert_eq!(refusal(&"{a}".repeat(10)), None);
    assert_eq!(
        refusal(&"{a}".repeat(11)),
        Some(Refusal::Operations { limit: 10 })
    );

    let fragments = |count: usize| {
        (0..count).fold("{a}".to_owned(), |mut text, number| {
            write!(text, " fragment f{number} on A {{ b }}").unwrap();
            text
        })
    };
    assert_eq!(refusal(&fragments(60)), None);
    assert_eq!(
        refusal(&fragments(61)),
        Some(Refusal::Fragments { limit: 60 })
    );

    let aliases = |count: usize| format!("{{ {} }}", "a: b ".repeat(count));
    assert_eq!(refusal(&aliases(30)), None);
    assert_eq!(refusal(&aliases(31)), Some(Refusal::Aliases { limit: 30 }));

    let directives = |count: usize| format!("{{ {} }}", "a @b(c: [1]) ".repeat(count));
    assert_eq!(refusal(&directives(50)), None);
    assert_eq!(
        refusal(&directives(51)),
        Some(Refusal::Directives { limit: 50 })
    );

    let together = |count: usize| format!("{{ a {} }}", "@b(c: {d: 1}) ".repeat(count));
    assert_eq!(refusal(&together(5)), None);
    assert_eq!(
        refusal(&together(6)),
        Some(Refusal::DirectivesInPlace { limit: 5 })
    );
}

/// A chain of fragments that each spread the next `times` times.
fn bomb(length: usize, times: usize) -> String {
    let mut document = "{ ...f0 }".to_owned();
    for number in 0..length {
        let spreads = format!("...f{} ", number + 1).repeat(times);
        write!(document, " fragment f{number} on A {{ {spreads} }}").unwrap();
    }
    write!(document, " fragment f{length} on A {{ a }}").unwrap();
    document
}

#[test]
fn fragments_count_in_every_place_they_are_spread() {
    let limit = Some(Refusal::Selections { limit: 4_000 });
    assert_eq!(refusal(&bomb(8, 2)), None);
    assert_eq!(refusal(&bomb(24, 2)), limit);
    assert_eq!(refusal(&bomb(28, 3)), limit);
    assert_eq!(refusal(&bomb(5, 50)), limit);
}

#[test]
fn fragments_count_for_depth_where_they_are_spread() {
    let mut document = "{ ...f0 }".to_owned();
    for number in 0..40 {
        write!(
            document,
            " fragment f{number} on A {{ a {{ ...f{} }} }}",
            number + 1
        )
        .unwrap();
    }
    assert_eq!(refusal(&document), Some(Refusal::Nesting { limit: 32 }));
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    for document in [
        "{ ...a } fragment a on A { ...a }",
        "{ b } fragment a on A { c { ...b } } fragment b on A { ...a }",
    ] {
        assert_eq!(refusal(document), Some(Refusal::Cycle), "{document}");
    }
}

#[test]
fn brackets_twenty_thousand_deep_are_refused_at_once() {
    let limit = Some(Refusal::Nesting { limit: 32 });
    let many = 20_000;
    for document in [
        "{a".repeat(many),
        format!("{{ a(b: {}", "[".repeat(many)),
        format!("{{ a(b: {}", "{c:".repeat(many)),
        format!("query($a: {}", "[".repeat(many)),
    ] {
        assert_eq!(refusal(&document), limit);
    }
}

/// What the fuzzer found worth keeping (`fuzz/`), and the operations that clients send.
#[test]
fn the_corpus_is_parsed_or_refused() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/guard");
    let mut passed = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let Ok(document) = std::str::from_utf8(&bytes) else {
            continue;
        };
        if check(document, &Limits::DEFAULT).is_ok() {
            passed += 1;
            let _ = Document::parse(document, "document");
        }
    }
    assert!(passed > 5, "{passed} passed");
}

proptest! {
    /// Whatever the text, the guard answers; and what it passes, the parser answers as well.
    #[test]
    fn what_passes_is_parsed_or_refused(document in "[a-z{}()\\[\\]:.@$!=\"\\\\#, \n0-9e+-]{0,200}") {
        if check(&document, &Limits::DEFAULT).is_ok() {
            let _ = Document::parse(document, "document");
        }
    }

    /// What the parser takes, within the limits, the guard takes as well.
    #[test]
    fn what_parses_passes(document in "(\\{|query [a-c]\\{|fragment [a-c] on D\\{)( ?[a-c](: ?[a-c])?(\\([a-c]: ?(1|-2\\.5e3|\"x\\\\\"{0,1}\"|\\[1 2\\]|\\{d: \\$e\\}|\"\"\"y\"\"\")\\))?( @f)?( ?\\{ ?[a-c] ?\\})?){1,5}\\}") {
        if Document::parse(document.as_str(), "document").is_ok() {
            prop_assert_eq!(check(&document, &Limits::DEFAULT), Ok(()));
        }
    }
}

#[test]
fn a_document_has_so_many_bytes_and_no_more() {
    let just = format!("{{ a }}#{}", "x".repeat(Limits::DEFAULT.bytes - 6));
    assert_eq!(just.len(), Limits::DEFAULT.bytes);
    assert_eq!(refusal(&just), None);
    let limit = Limits::DEFAULT.bytes;
    assert_eq!(refusal(&format!("{just}x")), Some(Refusal::Bytes { limit }));
    assert_eq!(
        refusal(&format!("{{ a {}", "#".repeat(limit))),
        Some(Refusal::Syntax {
            line: 1,
            column: limit + 5
        }),
        "what else is wrong says more"
    );
}
