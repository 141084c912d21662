//! A word cloud that is the same for the same words: rows of words, the largest first.

use domain::poll::QuestionResults;

use super::{
    canvas::{Anchor, BODY, Canvas, LEFT, ROOM, TOP},
    text::{lines, width},
};

/// The size of the word that the most wrote, and of one that hardly anybody did.
const LARGEST: i64 = 84;
const SMALLEST: i64 = 26;
/// Between two words, and between two rows.
const GAP: i64 = 26;

/// Words in one row.
struct Row {
    words: Vec<(String, i64)>,
    width: i64,
    height: i64,
}

/// Draws as many words as have room, each as large as it has voters.
pub(super) fn cloud(canvas: &mut Canvas, results: &QuestionResults) {
    let most = results.options.iter().map(|option| option.voter_count);
    let most = most.max().unwrap_or_default().max(1);
    let mut rows: Vec<Row> = Vec::new();
    let mut height = 0;
    for option in &results.options {
        let size = SMALLEST + (LARGEST - SMALLEST) * option.voter_count / most;
        let word = lines(&option.option.label, size, ROOM, 1).concat();
        let length = width(&word, size);
        let fits = |row: &&mut Row| row.width + GAP + length <= ROOM;
        if let Some(row) = rows.last_mut().filter(fits) {
            row.width += GAP + length;
            row.words.push((word, size));
            continue;
        }
        let tall = size * 12 / 10;
        if height + tall > BODY {
            break;
        }
        height += tall;
        rows.push(Row {
            words: vec![(word, size)],
            width: length,
            height: tall,
        });
    }
    let mut y = TOP + (BODY - height) / 2;
    for row in rows {
        let mut x = LEFT + (ROOM - row.width) / 2;
        y += row.height;
        for (place, (word, size)) in row.words.into_iter().enumerate() {
            let class = if place % 2 == 0 { "strong" } else { "quiet" };
            let length = width(&word, size);
            let at = (x + length / 2, y - row.height / 4);
            canvas.text(class, at, size, Anchor::Middle, &word);
            x += length + GAP;
        }
    }
}
