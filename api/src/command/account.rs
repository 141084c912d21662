//! `jij account`.

use std::io::{BufRead, IsTerminal};

use chrono::TimeDelta;
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    Actor, Error, Locale, Role, Roles, Services,
    account::{Account, AccountDraft, Accounts, Password},
    clock::{Clock, SystemClock},
    id::SessionId,
    mail::Mailer,
    moderation::{self, Block, BlockDraft, Moderation, Reason},
    refusal::Refusal,
};

use super::{Failure, terminal, with_services};
use crate::settings::DatabaseSettings;

/// Make accounts, give them roles, block them and end their sessions
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
    /// Keep an account from signing in, and end all its sessions
    ///
    /// It is a decision in the moderators' record, and its owner gets a mail that says why.
    #[command(
        after_help = "Examples:\n  jij account block an@example.org --days 30 --reason spam\n  jij account block an@example.org --statement 'Your account was taken over.'\n  jij account block an@example.org --lift\nWithout --days the block lasts until it is lifted. A running server notices within five seconds."
    )]
    Block {
        /// The account's address
        email: String,
        /// For how many days, up to five years
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=1_827))]
        days: Option<i64>,
        /// Why
        #[arg(long, value_enum, default_value = "other")]
        reason: ReasonArgument,
        /// What its owner is told; the platform's template where absent
        #[arg(long)]
        statement: Option<String>,
        /// Lift the block
        #[arg(long, conflicts_with_all = ["days", "reason"])]
        lift: bool,
    },
    /// Remove the second factor of who lost it, and end all sessions of the account
    ///
    /// Be sure that it is they who ask.
    ResetSecondFactor {
        /// The account's address
        email: String,
    },
    /// List an account's open sessions, the last seen first, at most 100
    Sessions {
        /// The account's address
        email: String,
    },
    /// End an account's sessions, all or one
    EndSessions {
        /// The account's address
        email: String,
        /// Only this one, by its id in the list
        #[arg(long)]
        session: Option<uuid::Uuid>,
    },
    /// Make a new key to sign access tokens with
    ///
    /// It signs from two minutes on. Tokens of the key before are accepted until the last one has
    /// expired, 30 days later. A key that is set by --signing-key is not the concern of this
    /// command.
    RotateKey,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReasonArgument {
    /// Advertising, or the same over and over
    Spam,
    /// Insulting or hateful
    Offensive,
    /// It tells what is private
    PersonalData,
    /// It is about something else
    OffTopic,
    /// The law forbids it
    Illegal,
    /// It was said before
    Duplicate,
    /// Something else
    Other,
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
    let AccountArguments { action, database } = arguments;
    let database = match action {
        Action::Create { .. } => database.making_new(),
        _ => database,
    };
    let act = async |services: &Services| act(services, action).await;
    with_services(&database, Mailer::none(), act).await
}

async fn act(services: &Services, action: Action) -> Result<(), Failure> {
    let accounts = services.accounts.clone();
    let account = match action {
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
        Action::Block {
            email,
            days,
            reason,
            statement,
            lift,
        } => {
            let account = accounts.by_email(&Actor::System, &email).await;
            let account = account.map_err(explain)?;
            let draft = BlockDraft {
                account: account.id,
                block: match days {
                    _ if lift => Block::Lifted,
                    Some(days) => Block::Until(SystemClock.now() + TimeDelta::days(days)),
                    None => Block::ForGood,
                },
                reason: (!lift).then(|| reason.into()),
                statement,
            };
            block(&services.moderation, draft, account.locale).await?;
            Ok(account)
        }
        Action::ResetSecondFactor { email } => {
            accounts.reset_second_factor(&Actor::System, &email).await
        }
        Action::EndSessions { email, session } => {
            let session = session.map(SessionId);
            accounts.end_sessions(&Actor::System, &email, session).await
        }
        Action::Sessions { email } => return list_sessions(&accounts, &email).await,
        Action::RotateKey => return rotate_key(&accounts).await,
    };
    terminal::print(&line(&account.map_err(explain)?))
}

/// Blocks an account, with the platform's words in its owner's language where there are no others.
async fn block(
    moderation: &Moderation,
    mut draft: BlockDraft,
    locale: Locale,
) -> Result<(), Failure> {
    if let Some(reason) = draft.reason
        && draft.statement.is_none()
    {
        let templates = moderation.templates(&Actor::System).await;
        let mut templates = templates.map_err(explain)?.into_iter();
        let fitting = templates.find(|template| {
            template.action == moderation::Action::Block
                && template.reason_code == reason
                && template.locale == locale
        });
        draft.statement = fitting.map(|template| template.text);
    }
    let blocked = moderation.block(&Actor::System, draft).await;
    blocked.map(drop).map_err(explain)
}

async fn list_sessions(accounts: &Accounts, email: &str) -> Result<(), Failure> {
    let sessions = accounts.sessions_of(&Actor::System, email).await;
    for session in sessions.map_err(explain)? {
        terminal::print(&format!(
            "{}  since {}  last seen {}",
            session.id.0,
            session.created_at.format("%Y-%m-%d %H:%M UTC"),
            session.last_seen_at.format("%Y-%m-%d %H:%M UTC"),
        ))?;
    }
    Ok(())
}

async fn rotate_key(accounts: &Accounts) -> Result<(), Failure> {
    let key = accounts.rotate_key(&Actor::System).await.map_err(explain)?;
    terminal::print(&format!(
        "{} signs from {} on; tokens of the key before are accepted until {}",
        key.kid,
        key.signs_from.format("%Y-%m-%d %H:%M:%S UTC"),
        key.accepted_until.format("%Y-%m-%d %H:%M:%S UTC"),
    ))
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
        account.email.as_deref().unwrap_or("no address"),
        account.display_name,
        roles.join(", ").to_lowercase()
    )
}

fn explain<R: Refusal>(error: Error<R>) -> Failure {
    match error {
        Error::Refused(reasons) => {
            let lines: Vec<String> = reasons
                .iter()
                .map(|reason| {
                    let place = match reason.path().segments() {
                        [place, ..] if place == "displayName" => "--name: ",
                        [place, ..] if place == "password" => "password: ",
                        [place, ..] if place == "statement" => "--statement: ",
                        _ => "",
                    };
                    format!("{place}{}", reason.message(Locale::En))
                })
                .collect();
            lines.join("\n").into()
        }
        Error::NotFound => "no account has this address, or it has no such session".into(),
        Error::Internal(fault) => fault,
        error => error.to_string().into(),
    }
}

impl From<ReasonArgument> for Reason {
    fn from(reason: ReasonArgument) -> Self {
        match reason {
            ReasonArgument::Spam => Self::Spam,
            ReasonArgument::Offensive => Self::Offensive,
            ReasonArgument::PersonalData => Self::PersonalData,
            ReasonArgument::OffTopic => Self::OffTopic,
            ReasonArgument::Illegal => Self::Illegal,
            ReasonArgument::Duplicate => Self::Duplicate,
            ReasonArgument::Other => Self::Other,
        }
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
