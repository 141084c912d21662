//! Reading the command line and the environment.

use std::{collections::HashMap, process::ExitCode};

use clap::{
    Command, Parser,
    error::{ContextKind, ContextValue, Error},
};

use super::terminal;

/// Reads the arguments of the process; says what is wrong with them, or the help that was asked
/// for, and gives the code to end with.
pub(super) fn parse<C: Parser>() -> Result<C, ExitCode> {
    C::try_parse().map_err(|mut error| {
        let mut command = C::command();
        command.build();
        name_variables(&mut error, &command);
        if error.print().is_err() {
            terminal::complain("error: the arguments cannot be used");
        }
        u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
    })
}

/// Names each argument by its flag and its variable, since nobody knows from which it came.
fn name_variables(error: &mut Error, command: &Command) {
    let mut names = HashMap::new();
    collect(command, &mut names);
    let both = |name: &String| names.get(name).unwrap_or(name).clone();
    for kind in [ContextKind::InvalidArg, ContextKind::PriorArg] {
        let value = match error.get(kind) {
            Some(ContextValue::String(name)) => ContextValue::String(both(name)),
            Some(ContextValue::Strings(all)) => {
                ContextValue::Strings(all.iter().map(both).collect())
            }
            _ => continue,
        };
        error.insert(kind, value);
    }
}

fn collect(command: &Command, names: &mut HashMap<String, String>) {
    for argument in command.get_arguments() {
        let variable = argument.get_env().and_then(|name| name.to_str());
        if let (Some(flag), Some(variable)) = (argument.get_long(), variable) {
            names.insert(argument.to_string(), format!("--{flag} ({variable})"));
        }
    }
    for subcommand in command.get_subcommands() {
        collect(subcommand, names);
    }
}
