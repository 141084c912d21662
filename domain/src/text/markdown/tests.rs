use std::thread;

use proptest::prelude::*;

use super::*;

const REL: &str = "rel=\"nofollow ugc noopener\"";

#[test]
fn common_marks_are_drawn() {
    for (markdown, expected) in [
        (
            "a *b* **c** ~~d~~ `e`",
            "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>\n",
        ),
        (
            "# a\n## b\n### c\n#### d\n###### e",
            "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h6>d</h6>\n<h6>e</h6>\n",
        ),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        (
            "> a  \n> b\n\n---",
            "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<hr>\n",
        ),
        (
            "```js\n<a> & b\n```",
            "<pre><code>&lt;a&gt; &amp; b\n</code></pre>\n",
        ),
        ("|a|\n|-|\n|b|", "<p>|a|\n|-|\n|b|</p>\n"),
    ] {
        assert_eq!(html(markdown), expected);
    }
}

#[test]
fn raw_html_is_text() {
    assert_eq!(
        html("a <b onclick=x>c</b>"),
        "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n"
    );
    assert_eq!(
        html("<script>\nx\n</script>\n\ny"),
        "<p>&lt;script&gt;\nx\n&lt;/script&gt;\n</p>\n<p>y</p>\n"
    );
    assert_eq!(html("<!-- x -->"), "<p>&lt;!-- x --&gt;</p>\n");
}

#[test]
fn links_go_to_the_web_or_to_mail() {
    for target in [
        "https://overijssel.nl/a?b=c",
        "HTTP://overijssel.nl",
        "mailto:a@example.org",
    ] {
        assert_eq!(
            html(&format!("[a](<{target}> \"t\")")),
            format!("<p><a href=\"{target}\" {REL}>a</a></p>\n")
        );
    }
    assert_eq!(
        html("<a@example.org>"),
        format!("<p><a href=\"mailto:a@example.org\" {REL}>a@example.org</a></p>\n")
    );
    assert_eq!(
        html("[a]\n\n[a]: https://b.nl"),
        format!("<p><a href=\"https://b.nl\" {REL}>a</a></p>\n")
    );
}

#[test]
fn other_links_are_their_text() {
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt&colon;alert(1)",
        "&#1;javascript:alert(1)",
        "java&#10;script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
        "/a",
        "a",
        "#a",
        "//example.org",
        "https:a",
        "http:\\\\\\\\example.org",
        "https://overijssel.nl@example.org",
        "https://",
        "",
    ] {
        assert_eq!(
            html(&format!("[*a*](<{target}>)")),
            "<p><em>a</em></p>\n",
            "{target}"
        );
    }
    assert_eq!(
        html("<javascript:alert(1)>"),
        "<p>javascript:alert(1)</p>\n"
    );
}

#[test]
fn an_image_is_its_alt_text() {
    assert_eq!(
        html("![a *b* `c` [d](https://d.nl)](https://e.nl/f.png)"),
        "<p>a b c d</p>\n"
    );
    assert_eq!(
        html("[![a](https://b.nl)](https://c.nl)"),
        format!("<p><a href=\"https://c.nl\" {REL}>a</a></p>\n")
    );
}

#[test]
fn entities_bring_no_forbidden_character() {
    let source = "a&#x202E;b&#27;c&#xFEFF;d&#0;e `&#x202E;` [f](https://g.nl/&#x202E;)";
    let drawn = html(source);
    assert!(
        drawn.starts_with("<p>abcd\u{FFFD}e <code>&amp;#x202E;</code>"),
        "{drawn}"
    );
    assert!(first_forbidden(&drawn).is_none());
    assert!(first_forbidden(&plain(source)).is_none());
}

#[test]
fn nesting_is_bounded() {
    assert_eq!(
        html(&format!("{}a", "> ".repeat(12)))
            .matches("<blockquote>")
            .count(),
        MOST_BLOCKS
    );
    assert_eq!(
        html(&format!("{}a", "- ".repeat(12)))
            .matches("<ul>")
            .count(),
        MOST_BLOCKS
    );
    let marks = format!("{}x{}", "*a _b ".repeat(9), " c_ d*".repeat(9));
    assert_eq!(html(&marks).matches("<em>").count(), MOST_MARKS);
    assert!(html(&format!("{}- a", ">".repeat(16))).contains("<p>- a</p>"));
    assert!(html(&format!("{}1. a", "+ ".repeat(16))).contains("1. a"));
    assert_eq!(html(&"- ".repeat(40)), "<hr>\n");
    assert_eq!(html(&"*".repeat(40)), "<hr>\n");
    let list = "- ".repeat(12) + "a\n" + &"  ".repeat(11) + "- b";
    assert!(html(&list).contains("a\nb"), "{}", html(&list));
}

#[test]
fn deep_nesting_takes_little_stack_and_space() {
    let tests = || {
        for (name, text) in pathological(50_000) {
            let drawn = html(&text);
            let words = plain(&text);
            assert!(
                drawn.len() < 20 * text.len() + 1_000 && words.len() <= text.len(),
                "{name}"
            );
        }
    };
    let small_stack = thread::Builder::new().stack_size(256 * 1024).spawn(tests);
    small_stack.unwrap().join().unwrap();
}

fn pathological(bytes: usize) -> Vec<(String, String)> {
    let repeat = |unit: &str, bytes: usize| unit.repeat(bytes / unit.len());
    let mut texts: Vec<(String, String)> = [
        ">",
        "> ",
        "- ",
        "1. ",
        ">- ",
        "[",
        "]",
        "![",
        "[a](",
        "*",
        "*a ",
        "*a **b _c ~~d ",
        "a**b",
        "`",
        "<",
        "<a ",
        "<!--",
        "a<!--",
        "&#x202E;",
        "(",
        "\\",
        "\0",
        "# ",
        "x\n---\n",
        "[a]: b\n",
        "<div>\n\n",
        "\t",
        "\n",
    ]
    .into_iter()
    .map(|unit| (unit.to_owned(), repeat(unit, bytes)))
    .collect();
    // The HTML serializer is quadratic in these; a story has 10,000 graphemes at most.
    texts.push(("&".into(), repeat("&", bytes / 5)));
    let half = bytes / 2;
    for (opening, line) in [
        (">", "b\n"),
        ("- ", "b\n"),
        ("- ", "\n"),
        (">", ">\n"),
        (">- ", "\n"),
    ] {
        for start in ["a", "```", "<div>"] {
            let text = format!("{}{start}\n{}", repeat(opening, half), repeat(line, half));
            texts.push((format!("{opening:?} {start:?} {line:?}"), text));
        }
    }
    let steps: String = (0..40)
        .map(|step| "\t".repeat(8 * step) + &"- ".repeat(16) + "a\n")
        .collect();
    texts.push((
        "steps".into(),
        steps + &"\t".repeat(320) + "```\n" + &"\n".repeat(half),
    ));
    texts.push((
        "links".into(),
        "[".repeat(half) + "a" + &repeat("](https://b.nl)", half),
    ));
    texts.push((
        "marks".into(),
        repeat("*a **b ", half) + &repeat(" c** d*", half),
    ));
    texts
}

#[test]
fn plain_text_has_no_marks() {
    assert_eq!(
        plain(
            "# A *b*\n\nc\nd  \ne [f](https://g.nl) ![h](i)\n\n- j\n- k\n  - l\n- m\n\n> n `o` &amp; <p>\n\n```\nq\n  r\n```\n---\ns"
        ),
        "A b\n\nc d\ne f h\n\nj\nk\nl\nm\n\nn o & <p>\n\nq\n  r\n\ns"
    );
    assert_eq!(plain(""), "");
    assert_eq!(plain("---"), "");
}

fn any_markdown() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<script>",
        "</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=x>",
        "javascript:",
        "data:text/html,",
        "vbscript:",
        "https://a.nl",
        "mailto:b",
        "[a](",
        "![",
        "](",
        ")",
        "[",
        "]",
        "<",
        ">",
        "> ",
        "- ",
        "1. ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "# ",
        "&#x6A;",
        "&lt;",
        "&Tab;",
        "&colon;",
        "\"",
        "'",
        " onclick=x ",
        "\\",
        "\0",
        "\u{A0}",
        "é",
        "a",
        " ",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<pre>",
        "<math>",
        "<style>",
        "[a]: javascript:x\n",
    ]);
    prop_oneof![
        3 => prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn output_is_safe(source in any_markdown()) {
        assert_safe(&html(&source));
        prop_assert!(first_forbidden(&plain(&source)).is_none());
    }
}

#[test]
fn a_link_with_a_tab_in_it_is_its_words() {
    assert_eq!(html("[a](https://a.nl&Tab;)"), "<p>a</p>\n");
}

fn assert_safe(drawn: &str) {
    // A second parse sees what a browser sees: nothing to take away.
    assert_eq!(SANITIZER.clean(drawn).to_string(), drawn);
    // The serializer escapes "<" in text and values, so each of these opens a tag.
    for (at, _) in drawn.match_indices('<') {
        let (tag, _) = drawn[at + 1..].split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        assert!(TAGS.contains(&name), "{drawn}");
        let attributes = tag.split_once(' ').map_or("", |(_, rest)| rest);
        match name {
            "a" if !attributes.is_empty() => {
                let target = attributes
                    .strip_prefix("href=\"")
                    .and_then(|rest| rest.strip_suffix(&format!("\" {REL}")))
                    .unwrap();
                assert!(!target.contains('"'), "{drawn}");
                assert!(
                    LINK_STARTS
                        .iter()
                        .any(|start| target.to_ascii_lowercase().starts_with(start)),
                    "{drawn}"
                );
            }
            "ol" if !attributes.is_empty() => {
                let number = attributes
                    .strip_prefix("start=\"")
                    .and_then(|rest| rest.strip_suffix('"'))
                    .unwrap();
                assert!(number.parse::<u32>().is_ok(), "{drawn}");
            }
            _ => assert_eq!(attributes, "", "{drawn}"),
        }
    }
}
