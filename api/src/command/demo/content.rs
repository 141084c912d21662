//! What the demo shows, as `assets/demo/content.json` holds it.

use serde::Deserialize;

/// Everything that the demo shows.
#[derive(Debug, Deserialize)]
pub(super) struct Content {
    pub(super) residents: Vec<Resident>,
    pub(super) themes: Vec<Theme>,
    pub(super) stories: Vec<Story>,
    pub(super) series: Series,
    pub(super) waiting: Story,
    pub(super) polls: Vec<Poll>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resident {
    pub(super) email: String,
    pub(super) display_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Theme {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) updates: Vec<Update>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Update {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) status: Status,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    Exploring,
    Agenda,
    Decided,
}

#[derive(Debug, Deserialize)]
pub(super) struct Story {
    pub(super) author: String,
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) body: String,
    /// Titles.
    pub(super) themes: Vec<String>,
    pub(super) municipality: String,
    #[serde(default)]
    pub(super) comments: Vec<Comment>,
    #[serde(default)]
    pub(super) energy: Vec<Energy>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Kind {
    Story,
    Initiative,
    Example,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Energy {
    Love,
    Join,
    Share,
}

#[derive(Debug, Deserialize)]
pub(super) struct Comment {
    pub(super) author: String,
    pub(super) body: String,
    #[serde(default)]
    pub(super) replies: Vec<Comment>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Series {
    pub(super) title: String,
    pub(super) intro: String,
    /// Titles, in order.
    pub(super) stories: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Poll {
    pub(super) title: String,
    pub(super) description: String,
    /// Titles.
    pub(super) themes: Vec<String>,
    pub(super) visibility: Visibility,
    /// Whether it is a room, which waits for someone to lead it.
    #[serde(default)]
    pub(super) room: bool,
    pub(super) questions: Vec<Question>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Visibility {
    Always,
    AfterVote,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question {
    pub(super) kind: QuestionKind,
    pub(super) prompt: String,
    pub(super) min_choices: Option<i32>,
    pub(super) max_choices: Option<i32>,
    pub(super) scale_min: Option<i32>,
    pub(super) scale_max: Option<i32>,
    pub(super) scale_min_label: Option<String>,
    pub(super) scale_max_label: Option<String>,
    pub(super) target: Option<i32>,
    pub(super) max_answers: Option<i32>,
    /// True if what voters write is shown before the results are.
    #[serde(default)]
    pub(super) answers_visible: bool,
    #[serde(default)]
    pub(super) options: Vec<String>,
    /// The options that are right.
    #[serde(default)]
    pub(super) right: Vec<String>,
    /// What the demo's voters write.
    #[serde(default)]
    pub(super) written: Vec<String>,
    /// How much the demo's voters like each option, or what is written, 0 to 9.
    #[serde(default)]
    pub(super) weights: Vec<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum QuestionKind {
    Single,
    Multiple,
    Statements,
    Scale,
    Ranking,
    Points,
    Number,
    WordCloud,
    Open,
    Quiz,
}

/// The content that the binary carries.
pub(super) fn content() -> Result<Content, serde_json::Error> {
    serde_json::from_str(include_str!("../../../assets/demo/content.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_binary_carries_can_be_read() {
        let content = content().unwrap();
        let titles: Vec<_> = content.themes.iter().map(|theme| &theme.title).collect();
        for theme in content.stories.iter().flat_map(|story| &story.themes) {
            assert!(titles.contains(&theme), "{theme}");
        }
        // Nobody votes in a room before someone leads it.
        let polls = content.polls.iter().filter(|poll| !poll.room);
        for question in polls.flat_map(|poll| &poll.questions) {
            assert_eq!(
                question.options.len() + question.written.len(),
                question.weights.len(),
                "{}",
                question.prompt
            );
            for right in &question.right {
                assert!(question.options.contains(right), "{right}");
            }
        }
    }
}
