//! A row an option: bars, statements in three parts, and scales.

use domain::{
    Locale,
    poll::{OptionResults, QuestionKind, QuestionResults, Ratio},
};

use super::{
    canvas::{Anchor, BODY, Canvas, LEFT, TOP},
    columns::{Frame, columns},
    text::{lines, width},
};

/// Most rows of a picture.
const ROWS: usize = 7;
/// Where labels end and bars begin, and how long a bar is at most.
const LABEL: i64 = 400;
const BARS: f64 = 480.0;
const BARS_LEFT: f64 = 490.0;

/// A row's place: its middle, its height, and the size of its text.
struct Row {
    middle: i64,
    height: i64,
    size: i64,
}

/// Draws each option in a row of its own; those that have no room are counted.
pub(super) fn rows(canvas: &mut Canvas, results: &QuestionResults) {
    let mut options: Vec<&OptionResults> = results.options.iter().collect();
    if results.kind == QuestionKind::Ranking {
        options.sort_by_key(|option| (option.rank.is_none(), option.rank));
    }
    let none = options.iter().position(|one| one.is_none_of_the_above());
    if let Some(place) = none.filter(|place| options.len() > ROWS && *place >= ROWS - 1) {
        // It has its own number in every picture.
        let none = options.remove(place);
        options.insert(ROWS - 2, none);
    }
    let statements = results.kind == QuestionKind::Statements;
    if statements {
        legend(canvas);
    }
    let top = TOP + if statements { 30 } else { 0 };
    let (shown, hidden) = if options.len() > ROWS {
        options.split_at(ROWS - 1)
    } else {
        (options.as_slice(), [].as_slice())
    };
    let places = shown.len() + usize::from(!hidden.is_empty());
    let places = i64::try_from(places).unwrap_or(1).max(1);
    let height = ((BODY - (top - TOP)) / places).min(90);
    let most = best(&options);
    for (middle, option) in (top + height / 2..).step_by(step(height)).zip(shown) {
        let size = if height >= 56 { 26 } else { 24 };
        let row = Row {
            middle,
            height,
            size,
        };
        label(canvas, &row, option);
        match results.kind {
            QuestionKind::Statements => statement(canvas, &row, option),
            QuestionKind::Scale => scale(canvas, &row, option),
            _ => bar(canvas, &row, results, option, most),
        }
        if option.voter_count > 0 || results.kind != QuestionKind::Statements {
            beside(canvas, &row, &figure(results, option, canvas.locale));
        }
    }
    if !hidden.is_empty() {
        let more = format!("{} {}", canvas.locale.pick("en nog", "and"), hidden.len());
        let more = more + canvas.locale.pick("", " more");
        let at = (LEFT, top + height * (places - 1) + height / 2 + 8);
        canvas.text("quiet", at, 24, Anchor::Start, &more);
    }
}

fn step(height: i64) -> usize {
    usize::try_from(height).unwrap_or(1).max(1)
}

/// The longest bar of a ranking, which has no whole that its scores are a part of.
fn best(options: &[&OptionResults]) -> f64 {
    options
        .iter()
        .filter_map(|option| option.score)
        .map(Ratio::to_f64)
        .fold(0.0, f64::max)
}

/// The label in one or two lines; what is right says so in a sign, not by a colour alone.
fn label(canvas: &mut Canvas, row: &Row, option: &OptionResults) {
    let right = option.option.is_right == Some(true);
    let text = if right {
        format!("✓ {}", option.option.label)
    } else {
        option.option.label.clone()
    };
    let most = if row.height >= 2 * row.size + 6 { 2 } else { 1 };
    let found = lines(&text, row.size, LABEL, most);
    let leading = row.size + 4;
    let extra = i64::try_from(found.len()).unwrap_or(1) - 1;
    let first = row.middle + row.size / 3 - extra * leading / 2;
    for (y, line) in (first..).step_by(step(leading)).zip(found) {
        let class = if right { "strong" } else { "" };
        canvas.text(class, (LEFT, y), row.size, Anchor::Start, &line);
    }
}

fn bar(
    canvas: &mut Canvas,
    row: &Row,
    results: &QuestionResults,
    option: &OptionResults,
    most: f64,
) {
    let part = match (results.kind, option.score) {
        (QuestionKind::Ranking, Some(score)) if most > 0.0 => score.to_f64() / most,
        (QuestionKind::Ranking, Some(_)) => 0.0,
        _ => option.share.map_or(0.0, Ratio::to_f64),
    };
    let (y, thickness) = track(row);
    canvas.bar("track", (BARS_LEFT, y), (BARS, thickness));
    canvas.bar("bar", (BARS_LEFT, y), (BARS * part.min(1.0), thickness));
}

/// Returns the text beside a bar, as much as there is room for.
fn figure(results: &QuestionResults, option: &OptionResults, locale: Locale) -> String {
    let figure = results.figure(option, locale);
    match (results.kind, option.percentage) {
        (QuestionKind::Scale | QuestionKind::Statements, _) => figure,
        (QuestionKind::Ranking, _) if !option.is_none_of_the_above() => figure,
        (QuestionKind::Points, Some(percentage)) if !option.is_none_of_the_above() => {
            format!("{figure} ({percentage}%)")
        }
        _ => results.caption(option, locale),
    }
}

/// Who agrees, passes and disagrees, side by side.
fn statement(canvas: &mut Canvas, row: &Row, option: &OptionResults) {
    let (y, thickness) = track(row);
    canvas.bar("track", (BARS_LEFT, y), (BARS, thickness));
    let share = |value: i32| {
        let found = option.distribution.iter().find(|one| one.value == value);
        let count = found.map_or(0, |one| one.count);
        portion(count, option.voter_count)
    };
    let mut x = BARS_LEFT;
    for (value, class) in [(1, "bar"), (0, "between"), (-1, "against")] {
        let length = BARS * share(value);
        // A gap tells neighbours apart without their colours.
        canvas.bar(class, (x, y), (length - 3.0, thickness));
        x += length;
    }
}

/// What the three parts of a statement's bar mean.
fn legend(canvas: &mut Canvas) {
    let words = [
        ("bar", canvas.locale.pick("eens", "agree")),
        ("between", canvas.locale.pick("geen mening", "pass")),
        ("against", canvas.locale.pick("oneens", "disagree")),
    ];
    let mut x = 490;
    for (class, word) in words {
        canvas.bar(class, (offset(x), 185.0), (20.0, 20.0));
        canvas.text("", (x + 28, 203), 24, Anchor::Start, word);
        x += 28 + width(word, 24) + 32;
    }
}

/// How many gave each step, and the mean.
fn scale(canvas: &mut Canvas, row: &Row, option: &OptionResults) {
    let height = offset(row.height) * 0.76;
    let frame = Frame {
        left: BARS_LEFT,
        top: offset(row.middle) - height / 2.0,
        width: BARS,
        height,
    };
    columns(canvas, &frame, option);
}

fn beside(canvas: &mut Canvas, row: &Row, value: &str) {
    let at = (LEFT + 1080, row.middle + row.size / 3);
    canvas.text("strong", at, row.size, Anchor::End, value);
}

/// Where a row's bar begins, and how thick it is.
fn track(row: &Row) -> (f64, f64) {
    let thickness = (row.height * 6 / 10).min(44);
    (offset(row.middle - thickness / 2), offset(thickness))
}

#[expect(clippy::cast_precision_loss, reason = "pixels, and counts of voters")]
pub(super) fn offset(pixels: i64) -> f64 {
    pixels as f64
}

/// A part of a whole, nothing of nothing.
pub(super) fn portion(part: i64, whole: i64) -> f64 {
    if whole > 0 {
        offset(part) / offset(whole)
    } else {
        0.0
    }
}
