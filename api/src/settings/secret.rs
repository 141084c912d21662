//! Secrets, which may stand in a file instead of the environment (a container's secrets).

use std::{convert::Infallible, fmt, path::Path, str::FromStr};

use super::SettingError;

/// The value of a setting that may hold a secret; never printed.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    /// The secret itself.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(raw: &str) -> Result<Self, Infallible> {
        Ok(Self(raw.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The secret itself, or the first line of the file that holds it.
pub(super) fn resolve(
    name: &'static str,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<String>, SettingError> {
    let content = whole(name, value, file)?;
    Ok(content.map(|content| content.lines().next().unwrap_or_default().trim().to_owned()))
}

/// The secret itself, or all that stands in the file that holds it.
pub(super) fn whole(
    name: &'static str,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<String>, SettingError> {
    let Some(file) = file else {
        return Ok(value.map(|secret| secret.expose().to_owned()));
    };
    std::fs::read_to_string(file)
        .map(Some)
        .map_err(|error| SettingError {
            name,
            problem: format!("the file {} cannot be read: {error}", file.display()),
            hint: "name a file that this user may read, with the secret on its first line",
        })
}
