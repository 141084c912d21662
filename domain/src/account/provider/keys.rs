//! The keys that a provider published (RFC 7517), fetched when one is needed.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::TimeDelta;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::clock::Instant;

/// How long keys are good for before they are fetched again.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// How long keys that cannot be fetched again are good for.
const STALE: TimeDelta = TimeDelta::hours(24);
/// How long to wait before keys are fetched again for one that is not among them.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How long a provider may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer of a provider, in bytes.
const MOST_BYTES: usize = 256 * 1_024;

/// Fetches a provider's documents.
#[async_trait::async_trait]
pub trait Fetch: Send + Sync {
    /// What is at this address, at most 256 KiB.
    async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError>;
}

/// A provider's document cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It did not answer, or not in time.
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    /// It answered with another status than 200.
    #[error("the provider answered {0}")]
    Status(u16),
    /// The answer is longer than 256 KiB.
    #[error("the answer is longer than 256 KiB")]
    TooLong,
    /// The answer is not what it should be.
    #[error("{0}")]
    Content(&'static str),
}

/// Fetches over HTTP: no redirects, five seconds for an answer.
pub struct HttpFetch(reqwest::Client);

impl HttpFetch {
    /// A client of its own.
    pub fn new() -> Result<Self, FetchError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build()?;
        Ok(Self(client))
    }
}

#[async_trait::async_trait]
impl Fetch for HttpFetch {
    async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let mut answer = self.0.get(url).send().await?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// What is known of a key that a token names.
pub(super) enum Found {
    /// The key.
    Key(Arc<DecodingKey>),
    /// The provider has no such key.
    None,
    /// The provider does not answer.
    Unknown,
}

/// A key, and what it may be used for.
pub(super) struct Key {
    kid: String,
    algorithm: Option<KeyAlgorithm>,
    is_elliptic: bool,
    verifying: Arc<DecodingKey>,
}

#[derive(Default)]
struct State {
    keys: Vec<Key>,
    access_token_issuer: Option<String>,
    fetched_at: Option<Instant>,
    tried_at: Option<Instant>,
}

/// A provider's keys.
pub(super) struct Keys {
    issuer: String,
    fetch: Arc<dyn Fetch>,
    state: RwLock<State>,
    /// Held while they are fetched: many who wait for a key cause one request.
    fetching: Mutex<()>,
}

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    jwks_uri: String,
    /// The issuer of its access tokens, where that is another; AD FS states one.
    access_token_issuer: Option<String>,
}

/// A provider's publication about its tokens.
pub(super) struct Publication {
    pub(super) keys: Vec<Key>,
    access_token_issuer: Option<String>,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<serde_json::Value>,
}

impl Keys {
    pub(super) fn new(issuer: &str, fetch: Arc<dyn Fetch>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            fetch,
            state: RwLock::default(),
            fetching: Mutex::default(),
        }
    }

    /// The key with this id, for this algorithm. Keys are fetched when there are none, when they
    /// are an hour old, and for an id that is not among them, but at most once a minute.
    pub(super) async fn find(&self, kid: &str, algorithm: Algorithm, now: Instant) -> Found {
        let (found, due) = self.look(kid, algorithm, now);
        if !due {
            return found;
        }
        let _fetching = match (self.fetching.try_lock(), &found) {
            (Ok(fetching), _) => fetching,
            // Somebody fetches them; this one is good until then.
            (Err(_), Found::Key(_)) => return found,
            (Err(_), _) => self.fetching.lock().await,
        };
        let (found, due) = self.look(kid, algorithm, now);
        if !due {
            return found;
        }
        self.update(now).await;
        self.look(kid, algorithm, now).0
    }

    /// Returns true if the provider states this issuer in its access tokens; none if it was never
    /// asked with success. It is asked as it is for keys.
    pub(super) async fn makes_tokens_as(&self, issuer: &str, now: Instant) -> Option<bool> {
        if self.is_due(now) {
            let _fetching = self.fetching.lock().await;
            if self.is_due(now) {
                self.update(now).await;
            }
        }
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.fetched_at?;
        Some(state.access_token_issuer.as_deref() == Some(issuer))
    }

    /// Returns true if what is known is an hour old, and was not asked for in the last minute.
    fn is_due(&self, now: Instant) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let longer = |at: Option<Instant>, ago| at.is_none_or(|at| now - at >= ago);
        longer(state.fetched_at, FRESH) && longer(state.tried_at, PAUSE)
    }

    /// Asks the provider; what cannot be had leaves what is known.
    async fn update(&self, now: Instant) {
        let fetched = self.fetch_publication().await;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.tried_at = Some(now);
        match fetched {
            Ok(publication) => {
                state.keys = publication.keys;
                state.access_token_issuer = publication.access_token_issuer;
                state.fetched_at = Some(now);
            }
            Err(fault) => {
                tracing::warn!(%fault, issuer = self.issuer, "a provider's keys cannot be had");
            }
        }
    }

    /// What is known now, and whether the keys should be fetched.
    fn look(&self, kid: &str, algorithm: Algorithm, now: Instant) -> (Found, bool) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let younger = |limit| state.fetched_at.is_some_and(|at| now - at < limit);
        let key = state.keys.iter().find(|key| key.kid == kid);
        let may_try = state.tried_at.is_none_or(|at| now - at >= PAUSE);
        let due = may_try && (key.is_none() || !younger(FRESH));
        let found = match key {
            Some(key) if younger(STALE) && key.is_for(algorithm) => {
                Found::Key(Arc::clone(&key.verifying))
            }
            Some(_) if younger(STALE) => Found::None,
            // The last attempt failed: the key may be there by now.
            _ if state.fetched_at != state.tried_at => Found::Unknown,
            _ => Found::None,
        };
        (found, due)
    }

    pub(super) async fn fetch_publication(&self) -> Result<Publication, FetchError> {
        let base = self.issuer.trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let configuration: Configuration = serde_json::from_slice(&self.fetch.get(&url).await?)
            .map_err(|_| FetchError::Content("its configuration cannot be read"))?;
        // OpenID Connect Discovery, section 4.3.
        if configuration.issuer != self.issuer {
            return Err(FetchError::Content(
                "its configuration names another issuer",
            ));
        }
        if !is_safe(&configuration.jwks_uri) {
            return Err(FetchError::Content("its keys are not at an https address"));
        }
        let published: Published =
            serde_json::from_slice(&self.fetch.get(&configuration.jwks_uri).await?)
                .map_err(|_| FetchError::Content("its keys cannot be read"))?;
        // A key of a kind that is not known is passed over (RFC 7517, section 5).
        let keys = published.keys.into_iter();
        let keys = keys.filter_map(|key| serde_json::from_value(key).ok());
        Ok(Publication {
            keys: keys.filter_map(|key| Key::read(&key)).collect(),
            access_token_issuer: configuration.access_token_issuer,
        })
    }
}

impl Key {
    /// The key, if it has an id and signs with an algorithm that we take.
    fn read(jwk: &Jwk) -> Option<Self> {
        let kid = jwk.common.key_id.clone()?;
        let signs = matches!(
            jwk.common.public_key_use,
            None | Some(PublicKeyUse::Signature)
        );
        let is_elliptic = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => false,
            AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => true,
            _ => return None,
        };
        let key = DecodingKey::from_jwk(jwk).ok().filter(|_| signs)?;
        Some(Self {
            kid,
            algorithm: jwk.common.key_algorithm,
            is_elliptic,
            verifying: Arc::new(key),
        })
    }

    fn is_for(&self, algorithm: Algorithm) -> bool {
        let named = self
            .algorithm
            .is_none_or(|named| named.to_string() == format!("{algorithm:?}"));
        named && self.is_elliptic == (algorithm == Algorithm::ES256)
    }
}

/// Whether what is at this address cannot be changed on the way: https, or this machine itself.
pub(super) fn is_safe(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else {
        return false;
    };
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}
