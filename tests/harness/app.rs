//! The application under test.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use api::{
    graphql::{
        RequestContext, Schema,
        operation::{Audience, Documents, GraphqlRequest, Rules},
    },
    http::{Connections, Limits, Network, Origin, Site},
};
use axum::{
    Extension, Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, Response, header},
};
use domain::{
    Actor, Locale, Member, Roles, Services,
    account::{PasswordCost, Provider},
    clock::{Clock, SharedClock},
    database::{Database, Settings},
    id::{AccountId, SessionId, VisitorId},
    mail::{Mail, Mailer},
    screening::Rules as ScreeningRules,
};
use entity::{account, account_role};
use futures_util::{StreamExt, stream};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    Answer, Persona, Piped, Served, Subscription, TestClock, operation,
    screening::unscreened,
    template::{CONNECTIONS, DatabaseKind, TestDatabase},
};

/// Where the application believes that people reach it.
pub const SITE: &str = "https://jij.example";

/// An application with a database of its own, everyone's account in it, and a clock that the
/// test moves.
pub struct TestApp {
    /// The clock that the whole application reads.
    pub clock: TestClock,
    /// The services, for fixtures that the API has no operation for.
    pub services: Services,
    /// The database, for looking at what is stored.
    pub database: Database,
    /// Which database this is.
    pub kind: DatabaseKind,
    mailer: Mailer,
    router: Router,
    schema: Schema,
    documents: Documents,
    actors: HashMap<Persona, Actor>,
    statements: Arc<Mutex<Vec<String>>>,
    url: String,
    /// None where another application made the database, and removes it.
    storage: Option<TestDatabase>,
}

impl TestApp {
    /// Starts an application on a database of this kind; none where there is no such database.
    /// Nobody is new in it and nothing is too fast or too much: what tests of other things write
    /// is not held for its circumstances.
    pub async fn start(kind: DatabaseKind) -> Option<Self> {
        let storage = TestDatabase::create(kind).await?;
        let mut app = Self::on(storage.url.clone(), kind, TestClock::default(), |_| {}).await;
        app.storage = Some(storage);
        app.settle_in().await;
        Some(app)
    }

    async fn on(
        url: String,
        kind: DatabaseKind,
        clock: TestClock,
        change: impl FnOnce(&mut domain::Settings),
    ) -> Self {
        let mut database = Database::connect(&Settings {
            url: url.clone(),
            connections: CONNECTIONS,
        })
        .await
        .expect("the test's database connects");
        let statements = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&statements);
        database.observe(move |statement| {
            log.lock().expect("the log").push(statement.to_owned());
        });
        let shared: SharedClock = Arc::new(clock.clone());
        let mut settings = domain::Settings {
            password_cost: PasswordCost::LEAST,
            screening: unscreened(),
            special_use_domains: true,
            ..domain::Settings::new(SITE, Mailer::memory())
        };
        change(&mut settings);
        let mailer = settings.mailer.clone();
        let services = Services::new(&database, &shared, settings)
            .await
            .expect("the services are built");
        Self {
            mailer,
            router: router(&services, Limits::default(), Rules::default()).0,
            schema: api::graphql::schema(),
            documents: Documents::new(Rules {
                introspection: Audience::Everyone,
                ..Rules::default()
            }),
            actors: HashMap::new(),
            clock,
            services,
            database,
            kind,
            statements,
            url,
            storage: None,
        }
    }

    /// Ends the application and removes its database.
    pub async fn end(self) {
        drop((self.router, self.services));
        self.database.close().await.expect("the database closes");
        if let Some(storage) = self.storage {
            storage.remove().await;
        }
    }

    /// The address of the test's database.
    pub fn database_url(&self) -> &str {
        &self.url
    }

    /// Who this persona is to the domain.
    pub fn actor(&self, persona: Persona) -> &Actor {
        &self.actors[&persona]
    }

    /// Sends an operation of the contract as this persona.
    pub async fn send(&self, persona: Persona, name: &str, variables: Value) -> Answer {
        self.execute(persona, &operation(name).document, variables)
            .await
    }

    /// Sends any document as this persona.
    pub async fn execute(&self, persona: Persona, document: &str, variables: Value) -> Answer {
        self.execute_as(self.actor(persona).clone(), document, variables)
            .await
    }

    /// Sends any document as anyone.
    pub async fn execute_as(&self, actor: Actor, document: &str, variables: Value) -> Answer {
        let request = GraphqlRequest::new(document, variables);
        let mut response = match self.documents.prepare(request, &actor) {
            Ok(prepared) => {
                let context = RequestContext::new(self.services.clone(), actor, Locale::En);
                api::graphql::execute(&self.schema, &prepared.operation, context).await
            }
            Err(refusal) => refusal.response(),
        };
        api::graphql::seal(&mut response, "test");
        Answer(serde_json::to_value(response).expect("an answer is JSON"))
    }

    /// Subscribes as this persona with an operation of the contract; an answer for every payload.
    pub async fn subscribe(&self, persona: Persona, name: &str, variables: Value) -> Subscription {
        self.watch(
            self.actor(persona).clone(),
            &operation(name).document,
            variables,
        )
        .await
    }

    /// Subscribes as anyone with any document.
    pub async fn watch(&self, actor: Actor, document: &str, variables: Value) -> Subscription {
        let request = GraphqlRequest::new(document, variables);
        let begun = match self.documents.prepare(request, &actor) {
            Ok(prepared) => {
                let context = RequestContext::new(self.services.clone(), actor, Locale::En);
                let schema = self.schema.clone();
                api::graphql::subscribe(schema, prepared.operation, context).await
            }
            Err(refusal) => Err(refusal.response()),
        };
        Subscription::new(begun.unwrap_or_else(|mut answer| {
            api::graphql::seal(&mut answer, "test");
            let payload = api::graphql::payload(&answer, usize::MAX);
            stream::iter([payload]).boxed()
        }))
    }

    /// Another process on the same database, with the same clock and the same people.
    pub async fn neighbour(&self) -> Self {
        self.trusting(Vec::new()).await
    }

    /// As [`TestApp::neighbour`], and it takes the tokens of these providers.
    pub async fn trusting(&self, providers: Vec<Provider>) -> Self {
        self.configured(|settings| settings.providers = providers)
            .await
    }

    /// As [`TestApp::neighbour`], and it screens what people contribute by these rules.
    pub async fn screening(&self, rules: ScreeningRules) -> Self {
        self.configured(|settings| settings.screening = rules).await
    }

    /// As [`TestApp::neighbour`], which reaches the same database by another address.
    pub async fn reached_by(&self, url: String) -> Self {
        let clock = self.clock.clone();
        let mut other = Self::on(url, self.kind, clock, |_| {}).await;
        other.actors.clone_from(&self.actors);
        other
    }

    /// As [`TestApp::neighbour`], and mail leaves it this way.
    pub async fn mailing(&self, mailer: Mailer) -> Self {
        self.configured(|settings| settings.mailer = mailer).await
    }

    /// As [`TestApp::neighbour`], with other settings.
    pub async fn configured(&self, change: impl FnOnce(&mut domain::Settings)) -> Self {
        let (url, clock) = (self.url.clone(), self.clock.clone());
        let mut other = Self::on(url, self.kind, clock, change).await;
        other.actors.clone_from(&self.actors);
        other
    }

    /// Sends a raw HTTP request; to the site, where it names no host.
    pub async fn http(&self, mut request: Request<Body>) -> Response<Body> {
        name_host(&mut request);
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("the router always answers")
    }

    /// The routes of a server with these limits, and the connections that it keeps open.
    pub fn router(&self, limits: Limits) -> (Router, Connections) {
        router(&self.services, limits, Rules::default())
    }

    /// The routes of a server that differs in this way.
    pub fn router_of(&self, change: impl FnOnce(Site) -> Site) -> Router {
        let mut limits = Limits::default();
        limits.allowed_origins.extend(Origin::of(SITE));
        let site = Site::new(self.services.clone(), Connections::new(limits));
        api::router(change(site))
    }

    /// The routes of a server with these rules for documents.
    pub fn router_by(&self, rules: Rules) -> Router {
        router(&self.services, Limits::default(), rules).0
    }

    /// Serves the application by these rules for documents.
    pub async fn serve_by(&self, rules: Rules) -> Served {
        Served::start(|own| router(&self.services, own, rules), Limits::default()).await
    }

    /// Serves the application by a server that differs in this way.
    pub async fn serve_of(&self, change: impl FnOnce(Site) -> Site) -> Served {
        let make = |limits| {
            let connections = Connections::new(limits);
            let site = Site::new(self.services.clone(), connections.clone());
            (api::router(change(site)), connections)
        };
        Served::start(make, Limits::default()).await
    }

    /// Serves the application at an address of this machine.
    pub async fn serve(&self, limits: Limits) -> Served {
        Served::start(|limits| self.router(limits), limits).await
    }

    /// Serves the application at an address of this machine, and believes what requests say of
    /// where they come from, as behind a proxy.
    ///
    /// # Panics
    /// Never: the proxy's network is one.
    pub async fn serve_behind_proxy(&self) -> Served {
        let make = |limits| {
            let connections = Connections::new(limits);
            let router = api::router(Site {
                trusted_proxies: vec!["127.0.0.0/8".parse().expect("a network")],
                ..Site::new(self.services.clone(), connections.clone())
            });
            let proxy = SocketAddr::from(([127, 0, 0, 1], 1));
            (router.layer(Extension(ConnectInfo(proxy))), connections)
        };
        Served::start(make, Limits::default()).await
    }

    /// Serves the application through pipes.
    pub fn pipe(&self, limits: Limits) -> Piped {
        let (router, connections) = self.router(limits);
        Piped::start(router, connections)
    }

    /// Tries every job that is due; gives how many were tried.
    pub async fn run_jobs(&self) -> usize {
        self.services
            .run_due_jobs()
            .await
            .expect("the queue can be read")
    }

    /// The mails that were sent so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.mailer.kept()
    }

    /// The SQL statements that ran while `work` did.
    pub async fn statements_of<T>(&self, work: impl Future<Output = T>) -> (T, Vec<String>) {
        self.statements.lock().expect("the log").clear();
        let done = work.await;
        let statements = std::mem::take(&mut *self.statements.lock().expect("the log"));
        (done, statements)
    }

    async fn settle_in(&mut self) {
        let now = self.clock.now();
        for persona in Persona::ALL {
            let actor = match persona.display_name() {
                None if persona == Persona::Visitor => Actor::Visitor(Some(VisitorId::new(now))),
                None => Actor::Visitor(None),
                Some(name) => {
                    let id = AccountId::new(now);
                    self.move_in(id, persona, name).await;
                    Actor::Member(Member {
                        id,
                        session: SessionId::new(now),
                        roles: Roles::new(persona.roles()),
                    })
                }
            };
            self.actors.insert(persona, actor);
        }
    }

    async fn move_in(&self, id: AccountId, persona: Persona, name: &str) {
        let now = self.clock.now();
        account::Entity::insert(account::ActiveModel {
            id: Set(id),
            email: Set(format!("{persona:?}@voorbeeld.example").to_lowercase()),
            provider_email: Set(None),
            password_hash: Set(String::new()),
            display_name: Set(name.to_owned()),
            locale: Set(Locale::Nl),
            email_verified_at: Set(Some(now)),
            created_at: Set(now),
            updated_at: Set(now),
        })
        .exec_without_returning(self.database.writer())
        .await
        .expect("an account");
        for role in persona.roles() {
            account_role::Entity::insert(account_role::ActiveModel {
                account_id: Set(id),
                role: Set(role),
                granted_at: Set(now),
            })
            .exec_without_returning(self.database.writer())
            .await
            .expect("a role");
        }
    }
}

/// Names the site as whom a request is meant for, where it names nobody.
pub fn name_host(request: &mut Request<Body>) {
    let host = HeaderValue::from_static("jij.example");
    request.headers_mut().entry(header::HOST).or_insert(host);
}

fn router(services: &Services, limits: Limits, rules: Rules) -> (Router, Connections) {
    let mut limits = limits;
    limits.allowed_origins.extend(Origin::of(SITE));
    // Every client of a test is on this machine.
    let loopback: Network = "127.0.0.0/8".parse().expect("a network");
    limits.open_networks.push(loopback);
    let connections = Connections::new(limits);
    let router = api::router(Site {
        documents: Documents::new(rules),
        ..Site::new(services.clone(), connections.clone())
    });
    (router, connections)
}
