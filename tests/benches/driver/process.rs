//! What processes cost.

use std::{fs, path::Path};

/// Clock ticks of a second, as Linux has them for programs.
const TICKS: f64 = 100.0;

/// Seconds of a processor that a process has used.
pub(crate) fn seconds(process: u32) -> f64 {
    stat(&Path::new("/proc").join(process.to_string())).map_or(0.0, |(_, seconds)| seconds)
}

/// Seconds of a processor that `PostgreSQL` has used for this run's databases and for all alike.
pub(crate) fn postgres_seconds() -> f64 {
    let processes = fs::read_dir("/proc").expect("Linux");
    processes
        .flatten()
        .filter(|entry| !serves_others(&entry.path()))
        .filter_map(|entry| stat(&entry.path()))
        .filter(|(name, _)| name == "postgres")
        .map(|(_, seconds)| seconds)
        .sum()
}

/// Returns true for a server process whose client is another run: its title names the database.
fn serves_others(process: &Path) -> bool {
    let title = fs::read_to_string(process.join("cmdline")).unwrap_or_default();
    let own = format!(" jij_test_{}_", std::process::id());
    title.contains("127.0.0.1(") && !title.contains(&own)
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
