//! Secrets, which may stand in a file instead of the environment (a container's secrets).

use std::path::Path;

use super::SettingError;

/// The secret itself, or the first line of the file that holds it.
pub(super) fn resolve(
    name: &'static str,
    value: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<String>, SettingError> {
    let content = whole(name, value, file)?;
    Ok(content.map(|content| content.lines().next().unwrap_or_default().trim().to_owned()))
}

/// The secret itself, or all that stands in the file that holds it.
pub(super) fn whole(
    name: &'static str,
    value: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<String>, SettingError> {
    let Some(file) = file else {
        return Ok(value.map(str::to_owned));
    };
    std::fs::read_to_string(file)
        .map(Some)
        .map_err(|error| SettingError {
            name,
            problem: format!("the file {} cannot be read: {error}", file.display()),
            hint: "name a file that this user may read, with the secret on its first line",
        })
}
