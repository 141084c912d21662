//! Asking what would be said of a contribution.

use async_graphql::{Context, Object, SimpleObject};
use domain::{
    refusal::Path,
    screening::{Contribution, ContributionKind, Form},
};

use super::{
    input::ContributionScreeningInput,
    warning::{ContributionWarning, warnings},
};
use crate::graphql::{context::request, error::Failure};

/// Most characters of a text that is screened, twice those of the longest that is taken.
const LONGEST: usize = 20_000;

/// What would be said of a contribution if you sent it now.
#[derive(SimpleObject)]
pub(crate) struct ContributionScreening {
    /// Whether it would wait for a moderator before others see it.
    is_held: bool,
    /// What its author would be told.
    warnings: Vec<ContributionWarning>,
}

/// Asking what would be said of a contribution.
#[derive(Default)]
pub(crate) struct ScreeningQuery;

#[Object]
impl ScreeningQuery {
    /// What would be said of texts if you contributed them now, so that a form can show it before
    /// they are sent. Nothing is kept of them. Everyone.
    async fn contribution_screening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is about to be contributed.")] input: ContributionScreeningInput,
    ) -> async_graphql::Result<ContributionScreening> {
        let request = request(ctx);
        let (mut names, mut texts) = (Vec::new(), Vec::new());
        for (name, text) in [
            ("title", &input.title),
            ("summary", &input.summary),
            ("body", &input.body),
        ] {
            let Some(text) = text else { continue };
            let path = Path::from("input").then(name);
            if text.chars().nth(LONGEST).is_some() {
                return Err(Failure::bad_input(path, "at most 20,000 characters").into());
            }
            names.push(path);
            texts.push(text.as_str());
        }
        let contribution = Contribution {
            language: input.language.as_deref(),
            texts: &texts,
        };
        let kind = ContributionKind::from(input.kind);
        let screening = request
            .services
            .screenings
            .preview(&request.actor, kind, contribution, &Form::default())
            .await
            .map_err(Failure::from)?;
        Ok(ContributionScreening {
            is_held: kind == ContributionKind::Story || screening.is_held(),
            warnings: warnings(ctx, &screening, |text| {
                names.get(text).cloned().unwrap_or_default()
            }),
        })
    }
}
