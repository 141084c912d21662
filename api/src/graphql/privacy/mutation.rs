//! Being erased.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use domain::privacy;

use crate::graphql::{
    account::proof,
    context::request,
    once::once,
    scalar::DateTime,
    user_error::{UserError, outcome},
};

/// Erasing yourself: show that it is you by your password, or by a link.
#[derive(InputObject)]
pub(crate) struct AccountEraseInput {
    /// Your password; or give a token.
    #[graphql(secret)]
    password: Option<String>,
    /// The token of a link that `sessionLinkRequest` mailed to you, still good, which is taken;
    /// or give your password.
    #[graphql(secret)]
    token: Option<String>,
    /// Whether what you wrote stays, under nobody's name. Otherwise your comments and stories lose
    /// their text; answers that you gave in polls count on either way.
    #[graphql(default = true)]
    keep_contributions: bool,
}

/// What was done to erase you. It names nobody.
#[derive(SimpleObject)]
pub(crate) struct ErasureReceipt {
    /// When.
    erased_at: DateTime,
    /// Whether what you wrote stayed.
    kept_contributions: bool,
    /// The tables in which rows were removed or changed, in alphabetical order.
    tables: Vec<ErasedTable>,
}

/// A table in which something was held on you.
#[derive(SimpleObject)]
pub(crate) struct ErasedTable {
    /// Its name in the database.
    name: String,
    /// How many rows were removed or changed, at least 1.
    rows: i64,
}

/// What `accountErase` gives.
#[derive(SimpleObject)]
pub(crate) struct AccountErasePayload {
    /// What was done; null where it was declined.
    receipt: Option<ErasureReceipt>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Being erased.
#[derive(Default)]
pub(crate) struct PrivacyMutation;

#[Object]
impl PrivacyMutation {
    /// Erases your account: your name, your address, your sessions and whatever is yours alone go
    /// at once and for good; published results stay as they are. Whoever has signed in; after five
    /// wrong passwords in a row the next ones wait: RATE_LIMITED.
    #[graphql(directive = once::apply())]
    async fn account_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountEraseInput,
    ) -> async_graphql::Result<AccountErasePayload> {
        let request = request(ctx);
        let proof = proof(input.password, input.token);
        let privacy = &request.services.privacy;
        let erased = privacy
            .erase(
                &request.actor,
                request.client(),
                proof,
                input.keep_contributions,
            )
            .await;
        let (receipt, user_errors) = outcome(ctx, erased)?;
        Ok(AccountErasePayload {
            receipt: receipt.map(ErasureReceipt::from),
            user_errors,
        })
    }
}

impl From<privacy::Receipt> for ErasureReceipt {
    fn from(receipt: privacy::Receipt) -> Self {
        Self {
            erased_at: DateTime(receipt.erased_at),
            kept_contributions: receipt.kept_contributions,
            tables: receipt
                .tables
                .into_iter()
                .map(|(name, rows)| ErasedTable {
                    name,
                    rows: i64::try_from(rows).unwrap_or(i64::MAX),
                })
                .collect(),
        }
    }
}
