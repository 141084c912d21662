//! Columns side by side: the steps of a scale, and the histogram of numbers.

use domain::poll::{OptionResults, QuestionResults, grouped};

use super::{
    canvas::{Anchor, BODY, Canvas, LEFT, ROOM, TOP},
    rows::{offset, portion},
};

/// Where columns are drawn.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Draws how many gave each value, each at its place between the lowest and the highest, and a
/// line at the mean.
pub(super) fn columns(canvas: &mut Canvas, frame: &Frame, option: &OptionResults) {
    let step = f64::from(option.distribution_step.max(1));
    let (Some(first), Some(last)) = (option.distribution.first(), option.distribution.last())
    else {
        return;
    };
    let low = f64::from(first.value);
    let range = f64::from(last.value) - low + step;
    let counts = option.distribution.iter().map(|entry| entry.count);
    let most = counts.max().unwrap_or_default();
    let base = frame.top + frame.height;
    canvas.bar("track", (frame.left, base), (frame.width, 3.0));
    let slot = frame.width * step / range;
    let thickness = (slot * 0.86).clamp(3.0, 120.0);
    for entry in &option.distribution {
        let middle = frame.left + (f64::from(entry.value) - low) / step * slot + slot / 2.0;
        let height = frame.height * portion(entry.count, most);
        let at = (middle - thickness / 2.0, base - height);
        canvas.bar("bar", at, (thickness, height));
    }
    if let Some(mean) = option.mean {
        // A value stands in the middle of its slot; a group's values fill it.
        let inside = if option.distribution_step > 1 {
            0.0
        } else {
            0.5
        };
        let x = frame.left + ((mean.to_f64() - low) / step + inside) * slot;
        canvas.bar("mean", (x - 2.0, frame.top), (4.0, frame.height + 6.0));
    }
}

/// The one option of a number or of a scale on the whole width, with its ends, mean and median.
pub(super) fn whole(canvas: &mut Canvas, results: &QuestionResults) {
    let Some(option) = results.options.first() else {
        return;
    };
    let frame = Frame {
        left: offset(LEFT),
        top: offset(TOP + 40),
        width: offset(ROOM),
        height: offset(BODY - 90),
    };
    columns(canvas, &frame, option);
    let ends = [
        (option.distribution.first(), LEFT, Anchor::Start),
        (option.distribution.last(), LEFT + ROOM, Anchor::End),
    ];
    for (entry, x, anchor) in ends {
        let Some(entry) = entry else { return };
        let value = grouped(entry.value.into(), canvas.locale);
        canvas.text("", (x, TOP + BODY - 14), 26, anchor, &value);
    }
    if let (Some(mean), Some(median)) = (option.mean, option.median) {
        let locale = canvas.locale;
        let value = format!(
            "{} {} · {} {}",
            locale.pick("gemiddelde", "mean"),
            mean.tenths().text(locale),
            locale.pick("mediaan", "median"),
            median.tenths().text(locale),
        );
        let at = (LEFT + ROOM, TOP + 24);
        canvas.text("strong", at, 26, Anchor::End, &value);
    }
}
