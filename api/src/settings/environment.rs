//! Variables of the environment that no setting has.

use std::{collections::BTreeSet, env, ffi::OsString};

use clap::Command;

use super::SettingWarning;

/// The beginning of our variables' names.
const PREFIX: &str = "JIJ_";
/// The least likeness of two names, from 0 to 1, that makes one of them a guess.
const ALIKE: f64 = 0.8;

/// Returns a warning for each variable `JIJ_…` that is none of the settings of `command` and its
/// subcommands. Variables that Kubernetes sets for a service named `jij` are passed over.
pub fn unknown_variables(command: &Command) -> Vec<SettingWarning> {
    let mut known = BTreeSet::new();
    collect(command, &mut known);
    let mut set: Vec<(String, OsString)> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .collect();
    set.sort();
    let unknown = set.into_iter().filter(|(name, value)| {
        name.starts_with(PREFIX) && !known.contains(name) && !is_service_link(name, value)
    });
    unknown.map(|(name, _)| warning(name, &known)).collect()
}

fn collect(command: &Command, known: &mut BTreeSet<String>) {
    let variables = command.get_arguments().filter_map(clap::Arg::get_env);
    known.extend(variables.filter_map(|name| name.to_str().map(str::to_owned)));
    for subcommand in command.get_subcommands() {
        collect(subcommand, known);
    }
}

fn warning(name: String, known: &BTreeSet<String>) -> SettingWarning {
    let hint = match nearest(&name, known) {
        Some(nearest) => format!("is {nearest} meant?"),
        None => "`jij serve --help` lists those that are".to_owned(),
    };
    SettingWarning::new(
        name,
        "no setting has this variable, and nothing reads it",
        hint,
    )
}

/// Returns the known name that is most like this one, if one is like it at all.
fn nearest<'a>(name: &str, known: &'a BTreeSet<String>) -> Option<&'a str> {
    fn stem(name: &str) -> &str {
        name.strip_prefix(PREFIX).unwrap_or(name)
    }
    let likeness = |other: &str| strsim::jaro_winkler(stem(name), stem(other));
    known
        .iter()
        .map(|other| (likeness(other), other.as_str()))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, nearest)| nearest)
}

/// Returns true for a variable that Kubernetes or Docker sets for a service or a linked container.
fn is_service_link(name: &str, value: &OsString) -> bool {
    let parts = ["_SERVICE_HOST", "_SERVICE_PORT", "_TCP", "_UDP"];
    let value = value.to_string_lossy();
    parts.iter().any(|part| name.contains(part))
        || value.starts_with("tcp://")
        || value.starts_with("udp://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_guessed() {
        let known: BTreeSet<String> = [
            "DATABASE_URL",
            "DATABASE_URL_FILE",
            "JIJ_LISTEN",
            "JIJ_PUBLIC_URL",
            "JIJ_SMTP_URL",
            "JIJ_SMTP_URL_FILE",
            "JIJ_TRUSTED_DOCUMENTS",
            "JIJ_TRUSTED_PROXIES",
            "JIJ_WORD_LISTS",
        ]
        .map(str::to_owned)
        .into();
        for (name, expected) in [
            ("JIJ_DATABASE_URL", Some("DATABASE_URL")),
            ("JIJ_PUBLICURL", Some("JIJ_PUBLIC_URL")),
            ("JIJ_PUBLIC_URI", Some("JIJ_PUBLIC_URL")),
            ("JIJ_SMTP", Some("JIJ_SMTP_URL")),
            ("JIJ_TRUSTED_PROXY", Some("JIJ_TRUSTED_PROXIES")),
            ("JIJ_WORD_LIST", Some("JIJ_WORD_LISTS")),
            ("JIJ_XYZ", None),
        ] {
            assert_eq!(nearest(name, &known), expected, "{name}");
        }
    }

    #[test]
    fn variables_of_kubernetes_are_nobodys_mistake() {
        for (name, value) in [
            ("JIJ_SERVICE_HOST", "10.0.0.1"),
            ("JIJ_SERVICE_PORT_HTTP", "8000"),
            ("JIJ_PORT", "tcp://10.0.0.1:8000"),
            ("JIJ_PORT_8000_TCP_ADDR", "10.0.0.1"),
        ] {
            assert!(is_service_link(name, &value.into()), "{name}");
        }
        assert!(!is_service_link("JIJ_PORT", &"8000".into()));
    }
}
