//! Filling the demo, through the same use-cases as everyone.

use std::collections::HashMap;

use domain::{
    Actor, Locale, Roles, Services,
    account::{AccountDraft, Client, Credentials, Password},
    comment::{CommentDraft, SubjectId},
    id::{CommentId, StoryId, ThemeId},
    screening::Form,
    story::{ReactionKind, StoryDraft, StoryKind, StorySeriesDraft},
    theme::{ThemeDraft, ThemeStatus, ThemeUpdateDraft},
};

use super::{
    Failure, PERSONAS,
    content::{self, Content},
    votes,
};

/// Fills an empty platform; `passwords` are those of the personas, in their order.
pub(super) async fn fill(services: &Services, passwords: &[String]) -> Result<(), Failure> {
    let content = content::content()?;
    let people = people(services, &content, passwords).await?;
    let themes = themes(services, &content).await?;
    let stories = stories(services, &content, &people, &themes).await?;
    for story in &content.stories {
        let subject = stories.get(&story.title).copied().map(SubjectId::Story);
        if let Some(subject) = subject {
            comments(services, &people, subject, &story.comments).await?;
        }
    }
    series(services, &content, &stories).await?;
    votes::polls(services, &content, &themes).await
}

/// Everyone who writes, signed in, by address.
async fn people(
    services: &Services,
    content: &Content,
    passwords: &[String],
) -> Result<HashMap<String, Actor>, Failure> {
    let mut known: Vec<(String, String)> = PERSONAS
        .iter()
        .zip(passwords)
        .map(|(persona, password)| (persona.email.to_owned(), password.clone()))
        .collect();
    for resident in &content.residents {
        // Nobody signs in as them, so nobody is told.
        let password = domain::random::token()?;
        let draft = AccountDraft {
            email: resident.email.clone(),
            password: Password::from(password.as_str()),
            display_name: resident.display_name.clone(),
            locale: Locale::Nl,
        };
        services
            .accounts
            .create(&Actor::System, draft, Roles::default())
            .await?;
        known.push((resident.email.clone(), password));
    }
    let mut people = HashMap::new();
    for (email, password) in known {
        let credentials = Credentials {
            email: email.clone(),
            password: Password::from(password.as_str()),
            second_factor_code: None,
        };
        let visitor = Actor::Visitor(None);
        let signed_in = services
            .accounts
            .sign_in(&visitor, Client::default(), credentials)
            .await?;
        people.insert(email, signed_in.actor);
    }
    Ok(people)
}

/// The themes with their logs, by title.
async fn themes(
    services: &Services,
    content: &Content,
) -> Result<HashMap<String, ThemeId>, Failure> {
    let mut themes = HashMap::new();
    for theme in &content.themes {
        let draft = ThemeDraft {
            title: theme.title.clone(),
            summary: theme.summary.clone(),
            description: theme.description.clone(),
        };
        let id = services.themes.create(&Actor::System, draft).await?.id;
        for update in &theme.updates {
            let draft = ThemeUpdateDraft {
                title: update.title.clone(),
                body: update.body.clone(),
                status: Some(match update.status {
                    content::Status::Exploring => ThemeStatus::Exploring,
                    content::Status::Agenda => ThemeStatus::Agenda,
                    content::Status::Decided => ThemeStatus::Decided,
                }),
            };
            services
                .themes
                .post_update(&Actor::System, id, draft)
                .await?;
        }
        themes.insert(theme.title.clone(), id);
    }
    Ok(themes)
}

/// The public stories with what people said and gave, by title; and one that waits.
async fn stories(
    services: &Services,
    content: &Content,
    people: &HashMap<String, Actor>,
    themes: &HashMap<String, ThemeId>,
) -> Result<HashMap<String, StoryId>, Failure> {
    let mut stories = HashMap::new();
    for story in &content.stories {
        let id = submit(services, story, people, themes).await?;
        services.stories.publish(&Actor::System, id, None).await?;
        for (reader, kind) in people.values().zip(story.energy.iter().cycle()) {
            let kind = match kind {
                content::Energy::Love => ReactionKind::Love,
                content::Energy::Join => ReactionKind::Join,
                content::Energy::Share => ReactionKind::Share,
            };
            services.stories.react(reader, id, kind, true).await?;
        }
        stories.insert(story.title.clone(), id);
    }
    submit(services, &content.waiting, people, themes).await?;
    Ok(stories)
}

async fn submit(
    services: &Services,
    story: &content::Story,
    people: &HashMap<String, Actor>,
    themes: &HashMap<String, ThemeId>,
) -> Result<StoryId, Failure> {
    let author = person(people, &story.author)?;
    let draft = StoryDraft {
        partner: None,
        kind: match story.kind {
            content::Kind::Story => StoryKind::Story,
            content::Kind::Initiative => StoryKind::Initiative,
            content::Kind::Example => StoryKind::Example,
        },
        title: story.title.clone(),
        summary: story.summary.clone(),
        body: story.body.clone(),
        language: "nl".to_owned(),
        themes: story
            .themes
            .iter()
            .filter_map(|title| themes.get(title).copied())
            .collect(),
        municipality_code: Some(story.municipality.clone()),
    };
    let id = services.stories.create(author, draft).await?.id;
    services
        .stories
        .submit(author, id, &Form::default())
        .await?;
    Ok(id)
}

/// What people said, and what others answered.
async fn comments(
    services: &Services,
    people: &HashMap<String, Actor>,
    subject: SubjectId,
    comments: &[content::Comment],
) -> Result<(), Failure> {
    for comment in comments {
        let first = say(services, people, subject, None, comment).await?;
        for reply in &comment.replies {
            say(services, people, subject, Some(first), reply).await?;
        }
    }
    Ok(())
}

async fn say(
    services: &Services,
    people: &HashMap<String, Actor>,
    subject: SubjectId,
    parent: Option<CommentId>,
    comment: &content::Comment,
) -> Result<CommentId, Failure> {
    let draft = CommentDraft {
        subject,
        parent,
        body: comment.body.clone(),
        language: "nl".to_owned(),
        form: Form::default(),
    };
    let author = person(people, &comment.author)?;
    Ok(services.comments.add(author, draft).await?.id)
}

async fn series(
    services: &Services,
    content: &Content,
    stories: &HashMap<String, StoryId>,
) -> Result<(), Failure> {
    let draft = StorySeriesDraft {
        title: content.series.title.clone(),
        intro: content.series.intro.clone(),
    };
    let series = services
        .stories
        .create_series(&Actor::System, draft)
        .await?;
    let order = content
        .series
        .stories
        .iter()
        .filter_map(|title| stories.get(title).copied())
        .collect();
    services
        .stories
        .arrange_series(&Actor::System, series.id, order)
        .await?;
    Ok(())
}

fn person<'a>(people: &'a HashMap<String, Actor>, email: &str) -> Result<&'a Actor, Failure> {
    people
        .get(email)
        .ok_or_else(|| format!("the demo has nobody at {email}").into())
}
