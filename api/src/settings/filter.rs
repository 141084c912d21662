//! The filter of the log, which must leave something to be logged.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// The crates of this program.
pub(super) const OURS: [&str; 4] = ["api", "domain", "entity", "migration"];

/// Reads a filter. One that names neither a level for everything nor a part of this program would
/// leave the log empty: `verbose` is the name of a part to the library.
pub(super) fn read(filter: &str) -> Result<EnvFilter, String> {
    let mut is_of_ours = false;
    let directives: Vec<&str> = filter.split(',').map(str::trim).collect();
    for directive in directives.iter().copied() {
        let (part, level) = match directive.split_once('=') {
            Some((part, level)) => (Some(part), level),
            None if OURS.contains(&directive) => (Some(directive), "trace"),
            None => (None, directive),
        };
        // To the library no level at all is one.
        let is_level = !level.is_empty() && level.parse::<LevelFilter>().is_ok();
        if part.is_none_or(|part| !part.contains('[')) && !is_level {
            return Err(format!("{level:?} is not a level"));
        }
        is_of_ours |= part.is_none_or(is_ours);
    }
    if !is_of_ours {
        return Err(
            "it names no level for this program itself, whose log would be empty".to_owned(),
        );
    }
    EnvFilter::try_new(directives.join(",")).map_err(|error| error.to_string())
}

/// Returns true for a part of this program, by crate or module.
fn is_ours(part: &str) -> bool {
    let name = part.split([':', '[']).next().unwrap_or_default();
    OURS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_would_leave_the_log_empty_is_refused() {
        for good in [
            "info",
            "WARN",
            "off",
            "warn,api=debug",
            "api",
            "domain::poll=trace",
            "info,sqlx=warn",
            "warn, domain=debug",
        ] {
            assert!(read(good).is_ok(), "{good}: {:?}", read(good).err());
        }
        for (bad, says) in [
            ("verbose", "\"verbose\" is not a level"),
            ("warning", "\"warning\" is not a level"),
            ("info,", "\"\" is not a level"),
            ("", "\"\" is not a level"),
            ("api:debug", "\"api:debug\" is not a level"),
            ("api=verbose", "\"verbose\" is not a level"),
            ("sqlx=debug", "no level for this program"),
            ("apu=debug", "no level for this program"),
        ] {
            let problem = read(bad).expect_err(bad);
            assert!(problem.contains(says), "{bad}: {problem}");
        }
    }
}
