//! What the resolvers of comments ask for one by one and get together.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Load;
use domain::{
    comment::{Comment, Thread},
    id::CommentId,
    page::Page,
};

use crate::graphql::loader::{LoadError, Loader};

impl Load<CommentId> for Loader {
    type Value = Comment;
    type Error = LoadError;

    async fn load(&self, ids: &[CommentId]) -> Result<HashMap<CommentId, Comment>, LoadError> {
        let comments = self.services.comments.by_ids(&self.actor, ids).await?;
        Ok(comments
            .into_iter()
            .map(|comment| (comment.id, comment))
            .collect())
    }
}

/// Whether the viewer supports a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Supporting(pub(super) CommentId);

impl Load<Supporting> for Loader {
    type Value = bool;
    type Error = LoadError;

    async fn load(&self, keys: &[Supporting]) -> Result<HashMap<Supporting, bool>, LoadError> {
        let ids: Vec<CommentId> = keys.iter().map(|key| key.0).collect();
        let supported = self.services.comments.supported(&self.actor, &ids).await?;
        Ok(keys
            .iter()
            .map(|key| (*key, supported.contains(&key.0)))
            .collect())
    }
}

/// The first so many replies to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FirstReplies {
    pub(super) to: Thread,
    pub(super) limit: u32,
}

impl Load<FirstReplies> for Loader {
    type Value = Page<Comment>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[FirstReplies],
    ) -> Result<HashMap<FirstReplies, Page<Comment>>, LoadError> {
        let mut by_limit: HashMap<u32, Vec<Thread>> = HashMap::new();
        for key in keys {
            by_limit.entry(key.limit).or_default().push(key.to);
        }
        let mut loaded = HashMap::new();
        for (limit, threads) in by_limit {
            let pages = self
                .services
                .comments
                .first_replies(&self.actor, &threads, limit)
                .await?;
            loaded.extend(
                pages
                    .into_iter()
                    .map(|(to, page)| (FirstReplies { to, limit }, page)),
            );
        }
        Ok(loaded)
    }
}

/// How many replies a comment has, placeholders included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReplyTotal(pub(super) Thread);

impl Load<ReplyTotal> for Loader {
    type Value = u64;
    type Error = LoadError;

    async fn load(&self, keys: &[ReplyTotal]) -> Result<HashMap<ReplyTotal, u64>, LoadError> {
        let threads: Vec<Thread> = keys.iter().map(|key| key.0).collect();
        let counts = self
            .services
            .comments
            .count_replies(&self.actor, &threads)
            .await?;
        Ok(counts
            .into_iter()
            .map(|(thread, count)| (ReplyTotal(thread), count))
            .collect())
    }
}
