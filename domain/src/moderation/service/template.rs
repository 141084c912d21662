//! The templates that statements are written from.

use super::{
    super::{ModerationRefusal, Template, TemplateDraft, store},
    Moderation, allow,
};
use crate::{Actor, Error, Result, id::ModerationTemplateId};

impl Moderation {
    /// Every template, by action, reason and language. Moderators and admins.
    pub async fn templates(&self, actor: &Actor) -> Result<Vec<Template>> {
        allow(actor)?;
        Ok(store::templates(self.0.database.read()).await?)
    }

    /// Adds a template or changes one. Moderators and admins.
    pub async fn set_template(
        &self,
        actor: &Actor,
        draft: TemplateDraft,
    ) -> Result<Template, ModerationRefusal> {
        allow(actor)?;
        let draft = draft.check()?;
        let now = self.0.clock.now();
        let is_new = draft.id.is_none();
        let template = &Template {
            id: draft.id.unwrap_or_else(|| ModerationTemplateId::new(now)),
            action: draft.action,
            reason_code: draft.reason,
            locale: draft.locale,
            text: draft.text,
        };
        self.0
            .database
            .write(|transaction| async move {
                if store::set_template(&transaction, template.clone(), is_new).await? {
                    Ok(template.clone())
                } else {
                    Err(Error::NotFound)
                }
            })
            .await
    }
}
