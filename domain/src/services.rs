//! The services, built once and shared by everything that asks.

use std::{ops::Deref, sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{
    Actor, Error, Result,
    access::Accesses,
    account::{
        self, Accounts, Fetch, Hasher, HttpFetch, PasswordCost, Provider, Providers, SigningKey,
        Tokens,
    },
    clock::SharedClock,
    comment::Comments,
    database::Database,
    embed::Embeds,
    event::Events,
    id::JobId,
    job::{Job, Jobs, LANES, Lane},
    mail::Mailer,
    moderation::{self, Deadlines, Moderation, Subject},
    partner::Partners,
    poll::{NewVoterLimit, Polls},
    privacy::{self, Privacy, Terms},
    screening::{self, Screenings},
    story::Stories,
    theme::Themes,
};

/// How often the queue is looked at for jobs that nobody in this process left.
const LOOK: Duration = Duration::from_secs(1);

/// How often what was kept long enough is let go of.
const TIDY: Duration = Duration::from_hours(1);

/// What the services need to know of where they run.
#[derive(Clone)]
pub struct Settings {
    /// Where people reach the site, without a slash at the end: links in mails start with it.
    pub public_url: String,
    /// Who makes the access tokens (`iss`).
    pub issuer: String,
    /// Whom the access tokens are for (`aud`).
    pub audience: String,
    /// The key that signs access tokens; one is made and kept in the database where absent.
    pub signing_key: Option<SigningKey>,
    /// What hashing a password costs.
    pub password_cost: PasswordCost,
    /// Whether moderators and admins act as such only after a second factor.
    pub second_factor_required: bool,
    /// True if people may register with addresses at domains that no mail reaches, such as
    /// `.example`: for tests and demos.
    pub special_use_domains: bool,
    /// Identity providers whose tokens are taken beside our own.
    pub providers: Vec<Provider>,
    /// How their keys are fetched; over HTTP where absent.
    pub fetch: Option<Arc<dyn Fetch>>,
    /// How long what is held on people is kept.
    pub terms: Terms,
    /// How long what waits for a moderator may wait.
    pub deadlines: Deadlines,
    /// How what people contribute is screened and published.
    pub screening: screening::Rules,
    /// The limit of new voters of a network in a poll.
    pub new_voters: NewVoterLimit,
    /// How mail leaves.
    pub mailer: Mailer,
}

impl Settings {
    /// The settings of a site at `public_url` that makes access tokens for itself.
    pub fn new(public_url: &str, mailer: Mailer) -> Self {
        let public_url = public_url.trim_end_matches('/');
        Self {
            public_url: public_url.to_owned(),
            issuer: public_url.to_owned(),
            audience: public_url.to_owned(),
            signing_key: None,
            password_cost: PasswordCost::OWASP,
            second_factor_required: true,
            special_use_domains: false,
            providers: Vec::new(),
            terms: Terms::default(),
            deadlines: Deadlines::default(),
            fetch: None,
            screening: screening::Rules::default(),
            new_voters: NewVoterLimit::default(),
            mailer,
        }
    }
}

/// Every use-case of the platform. Cheap to clone: each request holds them.
#[derive(Clone)]
pub struct Services(Arc<Aggregates>);

impl Deref for Services {
    type Target = Aggregates;

    fn deref(&self) -> &Aggregates {
        &self.0
    }
}

/// The services of the aggregates.
pub struct Aggregates {
    /// The access of connections that stay open.
    pub accesses: Accesses,
    /// Accounts, sessions and visitors.
    pub accounts: Accounts,
    /// Comments on stories, themes and polls.
    pub comments: Comments,
    /// What moderators judge, and the record of it.
    pub moderation: Moderation,
    /// Polls on the pages of partners.
    pub embeds: Embeds,
    /// Partners and municipalities.
    pub partners: Partners,
    /// Polls and ballots.
    pub polls: Polls,
    /// A person's rights over what is held on them.
    pub privacy: Privacy,
    /// What is said of a contribution before it is made.
    pub screenings: Screenings,
    /// Stories and their series.
    pub stories: Stories,
    /// Themes.
    pub themes: Themes,
    /// The clock that all of them read.
    pub clock: SharedClock,
    /// Where people reach the site, without a slash at the end.
    pub public_url: String,
    jobs: Jobs,
}

impl Services {
    /// The services over one migrated database. Makes the key that signs access tokens where
    /// there is none yet, and starts the task that counts ballots, which ends with the last of
    /// these services.
    pub async fn new(database: &Database, clock: &SharedClock, settings: Settings) -> Result<Self> {
        // In a box: it is large, and lies within whatever starts the program.
        Box::pin(Self::build(database, clock, settings)).await
    }

    async fn build(database: &Database, clock: &SharedClock, settings: Settings) -> Result<Self> {
        let keys_are_kept = settings.signing_key.is_none();
        let keys = match settings.signing_key {
            Some(key) => vec![key],
            None => account::signing_keys(database, clock).await?,
        };
        let tokens = Tokens::new(clock.clone(), settings.issuer, settings.audience, keys);
        let hasher = Hasher::new(settings.password_cost).await?;
        let sends_mail = settings.mailer.sends();
        let jobs = Jobs::new(database.clone(), clock.clone(), sends_mail);
        let events = Events::new(database);
        let names = account::NameRule::new(settings.screening.screener.clone());
        let screenings =
            Screenings::new(database.clone(), clock.clone(), settings.screening).await?;
        let polls = Polls::new(
            database.clone(),
            clock.clone(),
            events.clone(),
            screenings.clone(),
            settings.new_voters,
        );
        let fetch = match settings.fetch {
            Some(fetch) => fetch,
            None => Arc::new(HttpFetch::new().map_err(Error::internal)?),
        };
        let site = settings.public_url.clone();
        let accounts = Accounts::new(
            database.clone(),
            clock.clone(),
            jobs.clone(),
            hasher,
            tokens,
            account::Site {
                events: events.clone(),
                mailer: settings.mailer,
                public_url: settings.public_url.clone(),
                second_factor_required: settings.second_factor_required,
                special_use_domains: settings.special_use_domains,
                keys_are_kept,
                throttle_key: screenings.subkey("throttle of accounts"),
                providers: Providers::new(settings.providers, &fetch),
                names,
            },
        );
        let comments = Comments::new(
            database.clone(),
            clock.clone(),
            polls.clone(),
            screenings.clone(),
        );
        let stories = Stories::new(database.clone(), clock.clone(), screenings.clone());
        let moderation = Moderation::new(moderation::Means {
            database: database.clone(),
            clock: clock.clone(),
            jobs: jobs.clone(),
            events: events.clone(),
            accounts: accounts.clone(),
            comments: comments.clone(),
            polls: polls.clone(),
            deadlines: settings.deadlines,
        });
        let privacy = Privacy::new(
            database.clone(),
            clock.clone(),
            settings.terms,
            accounts.clone(),
            comments.clone(),
            polls.clone(),
            stories.clone(),
        );
        let embeds = Embeds::new(
            database.clone(),
            clock.clone(),
            accounts.clone(),
            events.clone(),
            &site,
        );
        let accesses = Accesses::new(accounts.clone(), embeds.clone(), events, clock.clone());
        let partners = Partners::new(database.clone(), clock.clone());
        partners.reserve_names().await?;
        Ok(Self(Arc::new(Aggregates {
            accesses,
            accounts,
            comments,
            moderation,
            embeds,
            partners,
            polls,
            privacy,
            screenings,
            stories,
            themes: Themes::new(database.clone(), clock.clone()),
            clock: clock.clone(),
            public_url: settings.public_url,
            jobs,
        })))
    }

    /// Waits until everything that was handed in before is on disk and answered.
    pub async fn settled(&self) {
        self.polls.settled().await;
    }

    /// Counts the jobs of a lane that are due and not done.
    pub async fn count_due_jobs(&self, lane: Lane) -> Result<u64> {
        self.jobs.count_due(lane).await
    }

    /// Tries every job that is due, one after the other; gives how many were tried. A job that
    /// fails stays for later, and is no error here.
    pub async fn run_due_jobs(&self) -> Result<usize> {
        let mut tried = 0;
        for lane in LANES {
            while self.run_next_job(lane).await? {
                tried += 1;
            }
        }
        Ok(tried)
    }

    /// Lets go of what was kept long enough, at once and every hour after, until `end`.
    pub async fn tidy(&self, end: impl Future<Output = ()>) {
        let mut end = std::pin::pin!(end);
        loop {
            if let Err(fault) = self.privacy.retain(&Actor::System).await {
                tracing::error!(?fault, "what was kept long enough cannot be let go of");
            }
            tokio::select! {
                biased;
                () = &mut end => return,
                () = tokio::time::sleep(TIDY) => {}
            }
        }
    }

    /// Tries jobs as they come due until `end`, those of each lane side by side; a try that has
    /// begun is ended first.
    pub async fn work(&self, end: impl Future<Output = ()>) {
        let (ended, end_seen) = watch::channel(false);
        let ending = async {
            end.await;
            ended.send_replace(true);
        };
        tokio::join!(
            ending,
            self.work_off(Lane::General, end_seen.clone()),
            self.work_off(Lane::Mail, end_seen.clone()),
        );
    }

    async fn work_off(&self, lane: Lane, mut end: watch::Receiver<bool>) {
        while !*end.borrow() {
            let tried = self.run_next_job(lane).await.unwrap_or_else(|fault| {
                tracing::error!(?lane, ?fault, "the queue of jobs cannot be read");
                false
            });
            if !tried {
                tokio::select! {
                    biased;
                    _ = end.wait_for(|ended| *ended) => {}
                    () = self.jobs.pushed(lane) => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        }
    }

    /// Tries the lane's job that is due longest; `false` if none is due.
    async fn run_next_job(&self, lane: Lane) -> Result<bool> {
        let Some(claimed) = self.jobs.claim(lane).await? else {
            return Ok(false);
        };
        let work = async {
            let job = claimed.job().map_err(Error::internal)?;
            Box::pin(self.perform(claimed.id, job)).await
        };
        self.jobs.attempt(&claimed, work).await?;
        Ok(true)
    }

    /// Hands a job to its aggregate.
    async fn perform(&self, id: JobId, job: Job) -> Result<()> {
        match job {
            Job::MailVerification { registration } => {
                account::mail_verification(&self.accounts, id, registration).await
            }
            Job::MailLink { account, purpose } => {
                account::mail_link(&self.accounts, id, account, purpose).await
            }
            Job::ClaimBallots { account, visitor } => self.polls.claim(account, visitor).await,
            Job::QueueContribution {
                contribution,
                findings,
                by,
            } => {
                let subject = Subject::from(contribution);
                self.moderation.review(subject, &findings, by).await
            }
            Job::MailDecision { account, entry } => {
                moderation::mail_decision(&self.moderation, id, account, entry).await
            }
            Job::MailReportOutcome { account, entry } => {
                moderation::mail_report_outcome(&self.moderation, id, account, entry).await
            }
            Job::MailIdle { account } => privacy::mail_idle(&self.privacy, id, account).await,
            Job::MailAlreadyRegistered { account } => {
                account::mail_already_registered(&self.accounts, id, account).await
            }
        }
    }
}
