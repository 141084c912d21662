//! `jij account`.

use std::{
    io::{BufRead, IsTerminal},
    sync::Arc,
};

use clap::{Args, Subcommand, ValueEnum};
use domain::{
    Actor, Error, Locale, Role, Roles, Services, Settings,
    account::{Account, AccountDraft, AccountRefusal, Password},
    clock::{SharedClock, SystemClock},
    mail::Mailer,
    refusal::Refusal,
};

use super::{Failure, serve, terminal};
use crate::settings::DatabaseSettings;

/// Make accounts and give them roles
///
/// For operators: who can run this can do everything.
#[derive(Debug, Args)]
pub(super) struct AccountArguments {
    #[command(flatten)]
    database: DatabaseSettings,

    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account whose address needs no verification
    #[command(
        after_help = "The password is asked for, or read as one line from standard input:\n  jij account create ada@example.org --name Ada --role admin < password.txt\nIt has 12 to 128 characters. It is never an argument: those can be seen by others."
    )]
    Create {
        /// The address to sign in with
        email: String,
        /// The name that others see, 2 to 60 characters
        #[arg(long)]
        name: String,
        /// What they may do besides taking part; may be repeated
        #[arg(long = "role", value_enum)]
        roles: Vec<RoleArgument>,
        /// The language for mail
        #[arg(long, value_enum, default_value = "nl")]
        language: LanguageArgument,
    },
    /// Give an account a role, or take it away
    #[command(
        after_help = "Example:\n  jij account grant ada@example.org moderator\nWho is signed in has the role, or is without it, within 15 minutes."
    )]
    Grant {
        /// The account's address
        email: String,
        /// The role
        #[arg(value_enum)]
        role: RoleArgument,
        /// Take the role away
        #[arg(long)]
        withdraw: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArgument {
    /// Takes part: stories, comments, votes
    Resident,
    /// Writes for the province: themes, publication, polls
    Editor,
    /// Judges what others submit
    Moderator,
    /// Everything the other roles may, and the platform itself
    Admin,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LanguageArgument {
    /// Dutch
    Nl,
    /// English
    En,
}

pub(super) async fn run(arguments: AccountArguments) -> Result<(), Failure> {
    let database = arguments.database.connect().await?;
    serve::bring_up(&database).await?;
    let clock: SharedClock = Arc::new(SystemClock);
    let settings = Settings::new("http://localhost", Mailer::none());
    let accounts = Services::new(&database, &clock, settings).await?.accounts;
    let account = match arguments.action {
        Action::Create {
            email,
            name,
            roles,
            language,
        } => {
            let draft = AccountDraft {
                email,
                password: Password::from(password()?.as_str()),
                display_name: name,
                locale: language.into(),
            };
            let roles = Roles::new(roles.into_iter().map(Role::from));
            accounts.create(&Actor::System, draft, roles).await
        }
        Action::Grant {
            email,
            role,
            withdraw: false,
        } => accounts.grant(&Actor::System, &email, role.into()).await,
        Action::Grant { email, role, .. } => {
            accounts.withdraw(&Actor::System, &email, role.into()).await
        }
    };
    terminal::print(&line(&account.map_err(explain)?))
}

/// The password: asked for twice on a terminal, else the first line of standard input.
fn password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if password != rpassword::prompt_password("Again: ")? {
            return Err("the two passwords differ".into());
        }
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

fn line(account: &Account) -> String {
    let roles: Vec<String> = account
        .roles
        .iter()
        .map(|role| format!("{role:?}"))
        .collect();
    format!(
        "{} ({}): {}",
        account.email,
        account.display_name,
        roles.join(", ").to_lowercase()
    )
}

fn explain(error: Error<AccountRefusal>) -> Failure {
    match error {
        Error::Refused(reasons) => {
            let lines: Vec<String> = reasons
                .iter()
                .map(|reason| {
                    let place = match reason.path().segments() {
                        [place, ..] if place == "displayName" => "--name: ",
                        [place, ..] if place == "password" => "password: ",
                        _ => "",
                    };
                    format!("{place}{}", reason.message(Locale::En))
                })
                .collect();
            lines.join("\n").into()
        }
        Error::NotFound => "no account has this address".into(),
        Error::Internal(fault) => fault,
        error => error.to_string().into(),
    }
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Resident => Self::Resident,
            RoleArgument::Editor => Self::Editor,
            RoleArgument::Moderator => Self::Moderator,
            RoleArgument::Admin => Self::Admin,
        }
    }
}

impl From<LanguageArgument> for Locale {
    fn from(language: LanguageArgument) -> Self {
        match language {
            LanguageArgument::Nl => Self::Nl,
            LanguageArgument::En => Self::En,
        }
    }
}
