//! Secrets, which may stand in a file instead of the environment (a container's secrets).

use std::path::Path;

use super::SettingError;

/// The secret itself, or the first line of the file that holds it.
pub(super) fn resolve(
    name: &'static str,
    value: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<String>, SettingError> {
    let Some(file) = file else {
        return Ok(value.map(str::to_owned));
    };
    let content = std::fs::read_to_string(file).map_err(|error| SettingError {
        name,
        problem: format!("the file {} cannot be read: {error}", file.display()),
        hint: "name a file that this user may read, with the secret on its first line",
    })?;
    Ok(content.lines().next().map(|line| line.trim().to_owned()))
}
