//! Secrets, which may stand in a file instead of the environment (a container's secrets).

use std::{convert::Infallible, fmt, fs::File, io::Read, path::Path, str::FromStr};

use super::SettingError;

/// The most bytes of a file with a secret.
const FILE_BYTES: u64 = 64 * 1_024;
const HINT: &str = "name a file that this user may read, with the secret on its first line";

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

/// The names of a setting and of the one that names a file in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) value: &'static str,
    pub(super) file: &'static str,
}

/// A secret, and the name of the setting that it came from, which is to blame for its faults.
pub(super) struct Given {
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// The secret itself, or the first line of the file that holds it.
pub(super) fn resolve(
    names: Names,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<Given>, SettingError> {
    let Some(given) = whole(names, value, file)? else {
        return Ok(None);
    };
    let text = given.text.lines().next().unwrap_or_default().trim();
    if text.is_empty() {
        return Err(SettingError {
            name: given.name,
            problem: match file {
                Some(file) => format!("the first line of {} is empty", file.display()),
                None => "it is empty".to_owned(),
            },
            hint: "give it a value, or leave it out",
        });
    }
    Ok(Some(Given {
        name: given.name,
        text: text.to_owned(),
    }))
}

/// The secret itself, or all that stands in the file that holds it.
pub(super) fn whole(
    names: Names,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<Given>, SettingError> {
    let Some(path) = file else {
        return Ok(value.map(|secret| Given {
            name: names.value,
            text: secret.expose().to_owned(),
        }));
    };
    let wrong = |problem: String| SettingError {
        name: names.file,
        problem: format!("the file {} {problem}", path.display()),
        hint: HINT,
    };
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES + 1).read_to_string(&mut text))
        .map_err(|error| wrong(format!("cannot be read: {error}")))?;
    if text.len() as u64 > FILE_BYTES {
        return Err(wrong("is longer than 64 KiB".to_owned()));
    }
    Ok(Some(Given {
        name: names.file,
        text,
    }))
}
