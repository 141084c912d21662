//! What processes cost.

use std::{fs, path::Path};

/// Clock ticks of a second, as Linux has them for programs.
const TICKS: f64 = 100.0;

/// Seconds of a processor that a process has used.
pub(crate) fn seconds(process: u32) -> f64 {
    stat(&Path::new("/proc").join(process.to_string())).map_or(0.0, |(_, seconds)| seconds)
}

/// Seconds of a processor that all of `PostgreSQL` has used, whoever asked for them.
pub(crate) fn postgres_seconds() -> f64 {
    let processes = fs::read_dir("/proc").expect("Linux");
    processes
        .flatten()
        .filter_map(|entry| stat(&entry.path()))
        .filter(|(name, _)| name == "postgres")
        .map(|(_, seconds)| seconds)
        .sum()
}

/// A process's name and the seconds that it has used.
fn stat(process: &Path) -> Option<(String, f64)> {
    let text = fs::read_to_string(process.join("stat")).ok()?;
    let (head, rest) = text.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    // Its own time, and that of children it has waited for.
    let used: f64 = (11..15).filter_map(ticks).sum();
    Some((name, used / TICKS))
}
