//! The lines of `jij check`.

use std::{error::Error, fmt::Display};

use super::super::{Failure, terminal};
use crate::settings::{SettingError, SettingWarning};

/// Prints each finding as a line at once, and counts them.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: usize,
    failed: usize,
}

impl Report {
    /// Something works.
    pub(super) fn ok(&mut self, name: &str, what: impl Display) -> Result<(), Failure> {
        self.line("ok", name, &what.to_string())
    }

    /// Something works, and is probably not meant so.
    pub(super) fn warning(&mut self, warning: &SettingWarning) -> Result<(), Failure> {
        let SettingWarning {
            name,
            problem,
            hint,
        } = warning;
        self.line("warning", name, &format!("{problem}; {hint}"))
    }

    /// Something does not work.
    pub(super) fn failed(
        &mut self,
        name: &str,
        problem: impl Display,
        hint: &str,
    ) -> Result<(), Failure> {
        self.failed += 1;
        self.line("failed", name, &format!("{problem}; {hint}"))
    }

    /// Returns what a setting gives, or says why it cannot be used.
    pub(super) fn read<T>(
        &mut self,
        setting: Result<T, SettingError>,
    ) -> Result<Option<T>, Failure> {
        match setting {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                self.failed(error.name, error.problem, error.hint)?;
                Ok(None)
            }
        }
    }

    fn line(&mut self, outcome: &str, name: &str, text: &str) -> Result<(), Failure> {
        self.lines += 1;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        terminal::print(&format!("{outcome:<8} {name}: {text}"))
    }

    /// Fails if something does not work.
    pub(super) fn end(&self) -> Result<(), Failure> {
        if self.failed == 0 {
            return Ok(());
        }
        Err(format!("{} of {} lines say failed", self.failed, self.lines).into())
    }
}

/// An error and what it comes from; libraries' errors alone say little.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    text
}
