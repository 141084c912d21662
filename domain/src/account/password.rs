//! Hashing passwords: slow on purpose, off the threads that serve, a few at a time.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::SaltString,
};
use tokio::sync::Semaphore;

use super::Password;
use crate::{Error, Result, random};

/// How many are hashed at once; each takes the memory of its cost.
const AT_ONCE: usize = 2;
/// How many may be hashed or wait for it; the next one is told to come back.
const ADMITTED: usize = 32;
/// When who was sent away may come back.
const COME_BACK: Duration = Duration::from_secs(2);

/// What one Argon2id hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    memory_kib: u32,
    passes: u32,
}

impl PasswordCost {
    /// The cost that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, two passes.
    pub const OWASP: Self = Self {
        memory_kib: 19_456,
        passes: 2,
    };
    /// The least that Argon2 can do; for tests only.
    pub const LEAST: Self = Self {
        memory_kib: 8,
        passes: 1,
    };
}

/// Hashes and verifies passwords.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
    /// The hash of a password that nobody has.
    decoy: Arc<str>,
}

impl Hasher {
    /// A hasher with its own bounds.
    pub(crate) async fn new(cost: PasswordCost) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(Error::internal)?;
        let mut hasher = Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            admitted: Arc::new(Semaphore::new(ADMITTED)),
            running: Arc::new(Semaphore::new(AT_ONCE)),
            decoy: Arc::from(""),
        };
        let nobodys = Password::from(random::token()?.as_str());
        hasher.decoy = hasher.hash(nobodys).await?.into();
        Ok(hasher)
    }

    /// The password's hash as a PHC string, with a salt of its own.
    pub(super) async fn hash<R>(&self, password: Password) -> Result<String, R> {
        let salt = SaltString::encode_b64(&random::bytes::<16>()?).map_err(Error::internal)?;
        self.run(move |argon2| {
            let hash = argon2.hash_password(password.as_bytes(), &salt)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` made `hash`; with no hash it is wrong, after the same work.
    pub(super) async fn verify<R>(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, R> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let fits = self
            .run(move |argon2| {
                let hash = PasswordHash::new(&hash)?;
                match argon2.verify_password(password.as_bytes(), &hash) {
                    Ok(()) => Ok(true),
                    Err(argon2::password_hash::Error::Password) => Ok(false),
                    Err(error) => Err(error),
                }
            })
            .await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static, R>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> argon2::password_hash::Result<T> + Send + 'static,
    ) -> Result<T, R> {
        let Ok(admitted) = Arc::clone(&self.admitted).try_acquire_owned() else {
            return Err(Error::TooMany(COME_BACK));
        };
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || {
            // Held here and not by the caller: who stops waiting does not stop the work.
            let _held = (admitted, running);
            work(&argon2)
        })
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn hasher() -> Hasher {
        Hasher::new(PasswordCost::LEAST).await.unwrap()
    }

    #[tokio::test]
    async fn only_the_same_password_fits() {
        let hasher = hasher().await;
        let hash = hasher.hash::<()>("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        let fits = async |password: &str, hash: Option<String>| {
            hasher.verify::<()>(password.into(), hash).await.unwrap()
        };
        assert!(fits("correct horse", Some(hash.clone())).await);
        assert!(!fits("Correct horse", Some(hash)).await);
        assert!(!fits("correct horse", None).await);
    }

    #[tokio::test]
    async fn who_comes_when_the_queue_is_full_is_sent_away() {
        let hasher = hasher().await;
        let held = hasher
            .admitted
            .clone()
            .acquire_many_owned(32)
            .await
            .unwrap();
        let outcome = hasher.hash::<()>("correct horse".into()).await;
        assert!(matches!(outcome, Err(Error::TooMany(_))));
        drop(held);
        assert!(hasher.hash::<()>("correct horse".into()).await.is_ok());
    }
}
