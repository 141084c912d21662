//! `jij demo`.

mod content;
mod fill;
mod votes;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use domain::{
    Actor, Locale, Role, Roles, Services,
    account::{AccountDraft, Password},
    clock::{SharedClock, SystemClock},
    database::{self, Database},
    mail::{Mail, Mailer},
    screening::{Rules, Screener, Thresholds},
    services::Settings,
    theme::ThemeFilter,
};

use super::{Failure, serve, terminal};
use crate::{
    graphql::operation::{Audience, Documents},
    http::{Connections, Site},
    settings::{DocumentSettings, HttpSettings, LiveSettings, LogFormat, LogSettings},
};

/// Fill an embedded database with demo content and serve it
///
/// Prints the addresses of the query page, a big screen and the health check, and how to sign in
/// as a resident, a moderator and an admin; the passwords are new at every start. Mail is printed
/// rather than sent. Your own databases stay untouched: the demo keeps to a file of its own.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// The demo's own database file; filled where it is new, kept where it is not
    #[arg(
        long,
        env = "JIJ_DEMO_FILE",
        value_name = "FILE",
        default_value = "data/demo.sqlite3"
    )]
    file: PathBuf,

    /// Ask moderators and admins for a second factor, screen what people write and show the schema
    /// to who has signed in, all as in production
    #[arg(long, env = "JIJ_DEMO_LIKE_PRODUCTION")]
    like_production: bool,

    #[command(flatten)]
    http: HttpSettings,

    #[command(flatten)]
    live: LiveSettings,

    #[command(flatten)]
    documents: DocumentSettings,

    #[command(flatten)]
    log: LogSettings,
}

/// The slug of the demo's room.
const ROOM: &str = "een-avond-over-het-dorpshuis";

/// Connections of the pool that reads.
const CONNECTIONS: u32 = 4;

/// Someone to sign in as.
struct Persona {
    role: Role,
    name: &'static str,
    email: &'static str,
    display_name: &'static str,
}

const PERSONAS: [Persona; 3] = [
    Persona {
        role: Role::Resident,
        name: "resident",
        email: "fatma@demo.example",
        display_name: "Fatma de Boer",
    },
    Persona {
        role: Role::Moderator,
        name: "moderator",
        email: "mo@demo.example",
        display_name: "Mo van Dijk",
    },
    Persona {
        role: Role::Admin,
        name: "admin",
        email: "ada@demo.example",
        display_name: "Ada Beheer",
    },
];

/// The differences from production, printed before anything else.
const DIFFERS: &str = "\
Unlike production, this demo asks for no second factor, holds nothing for being a first, hasty,
frequent or repeated contribution, takes addresses at .example, shows its schema to everyone, and
prints mail here.
jij demo --like-production is as production in all but the mail.
";
/// The differences that `--like-production` leaves.
const DIFFERS_IN_MAIL: &str = "\
As in production, moderators and admins are residents until they set a second factor (at /moderate),
what people write is screened, and the schema is shown to who has signed in. Mail is printed here.
";

pub(super) async fn run(arguments: DemoArguments) -> Result<(), Failure> {
    let _log = arguments.log.start("warn", LogFormat::Text)?;
    let listener = serve::listen(serve::LISTEN, &arguments.http.listen)?;
    let address = listener.local_addr()?;
    let site = format!("http://{address}");
    let peers = arguments.http.peer_limits(CONNECTIONS)?;
    let audience = if arguments.like_production {
        Audience::SignedIn
    } else {
        Audience::Everyone
    };
    let rules = arguments.documents.rules(audience)?;
    let mut warnings = super::unknown_variables();
    warnings.extend(arguments.http.warnings(address, &site));
    warnings.extend(arguments.live.warnings(&peers));
    warnings.extend(arguments.documents.warnings(&rules));
    for warning in warnings {
        warning.log();
    }
    let database = Database::connect(&database::Settings {
        url: format!("sqlite://{}", arguments.file.display()),
        connections: CONNECTIONS,
    })
    .await?;
    serve::bring_up(&database).await?;
    terminal::print(if arguments.like_production {
        DIFFERS_IN_MAIL
    } else {
        DIFFERS
    })?;
    let clock: SharedClock = Arc::new(SystemClock);
    let like_production = Settings::new(&site, Mailer::memory_with(show));
    let open = Settings {
        // Who tries the platform out has no authenticator at hand.
        second_factor_required: false,
        // Mail is shown rather than sent.
        special_use_domains: true,
        // All of its people are new, and write at the same moment.
        screening: Rules {
            screener: Screener::new(Thresholds::OFF, BTreeMap::new()),
            ..Rules::default()
        },
        ..like_production.clone()
    };
    let mut services = Services::new(&database, &clock, open).await?;
    let passwords = prepare(&services).await?;
    if arguments.like_production {
        services.settled().await;
        services = Services::new(&database, &clock, like_production).await?;
    }
    terminal::print(&format!(
        "Query page   {site}/graphiql\nModeration   {site}/moderate\n\
         Big screen   {site}/present/{ROOM}\nHealth       {site}/livez\n\nSign in as"
    ))?;
    for (persona, password) in PERSONAS.iter().zip(&passwords) {
        let (name, email) = (persona.name, persona.email);
        terminal::print(&format!("  {name:<10} {email:<19} {password}"))?;
    }
    let connections = Connections::new(arguments.live.limits(&site, &peers));
    serve::Server {
        listener,
        peers,
        metrics: None,
        database,
        site: Site {
            documents: Documents::new(rules),
            trusted_proxies: arguments.http.trusted_proxies,
            ..Site::new(services, connections)
        },
        drain_delay: Duration::ZERO,
    }
    .serve()
    .await
}

/// Fills the platform where it is new, and lets the personas in; gives their passwords.
async fn prepare(services: &Services) -> Result<Vec<String>, Failure> {
    let known = services
        .themes
        .count(&Actor::System, &ThemeFilter::default())
        .await?;
    let passwords = let_in(services, known == 0).await?;
    if known == 0 {
        fill::fill(services, &passwords).await?;
    }
    Ok(passwords)
}

/// Makes the personas' accounts, or gives those that are there new passwords; gives the
/// passwords in the order of the personas.
async fn let_in(services: &Services, new: bool) -> Result<Vec<String>, Failure> {
    let mut passwords = Vec::with_capacity(PERSONAS.len());
    for persona in &PERSONAS {
        let password = domain::random::token()?[..16].to_owned();
        let typed = Password::from(password.as_str());
        if new {
            let draft = AccountDraft {
                email: persona.email.to_owned(),
                password: typed,
                display_name: persona.display_name.to_owned(),
                locale: Locale::Nl,
            };
            services
                .accounts
                .create(&Actor::System, draft, Roles::new([persona.role]))
                .await?;
        } else {
            services
                .accounts
                .set_password(&Actor::System, persona.email, typed)
                .await?;
        }
        passwords.push(password);
    }
    Ok(passwords)
}

/// Prints a mail instead of sending it.
fn show(mail: &Mail) {
    terminal::complain(&format!(
        "\n--- mail to {} ---\nSubject: {}\n\n{}\n---",
        mail.to, mail.subject, mail.text
    ));
}
