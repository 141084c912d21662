//! How what people contribute is screened and published.

use std::{collections::BTreeMap, fs, io::Read, path::PathBuf};

use chrono::TimeDelta;
use clap::{Args, ValueEnum};
use domain::screening::{Rules, Screener, Thresholds, WordList};

use super::SettingError;

const WORD_LIST: &str = "--word-list (JIJ_WORD_LISTS)";
/// Most bytes of a list of words.
const LIST_BYTES: u64 = 4 * 1024 * 1024;

/// How what people contribute is screened and published.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Contributions")]
pub struct ScreeningSettings {
    /// Words in a language (BCP 47) that a moderator looks at first: a file with a word or a few on
    /// each line, `#` before a remark, such as nl=/etc/jij/nl.txt; may be given for each language.
    /// Without a list words are not looked at
    #[arg(
        long = "word-list",
        env = "JIJ_WORD_LISTS",
        value_name = "LANGUAGE=FILE",
        value_delimiter = ',',
        value_parser = word_list
    )]
    word_lists: Vec<(String, PathBuf)>,

    /// Whether moderators read comments before or after they appear
    #[arg(
        long,
        env = "JIJ_COMMENT_MODERATION",
        value_enum,
        default_value = "after"
    )]
    comment_moderation: ModerationTime,

    /// Whether moderators read answers that voters write before or after they appear; a poll may
    /// ask for before
    #[arg(
        long,
        env = "JIJ_ANSWER_MODERATION",
        value_enum,
        default_value = "after"
    )]
    answer_moderation: ModerationTime,

    /// How many of a new account's first contributions a moderator reads before they appear
    #[arg(
        long,
        env = "JIJ_HOLD_FIRST_CONTRIBUTIONS",
        value_name = "NUMBER",
        default_value_t = 2
    )]
    hold_first_contributions: u16,

    /// How many stories and comments of one person within 10 minutes are nothing special
    #[arg(
        long,
        env = "JIJ_CONTRIBUTION_RATE",
        value_name = "NUMBER",
        default_value_t = 6,
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    contribution_rate: u16,

    /// In how many seconds nobody fills in a form
    #[arg(
        long,
        env = "JIJ_FASTEST_FORM",
        value_name = "SECONDS",
        default_value_t = 3
    )]
    fastest_form: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModerationTime {
    /// They appear at once; screening holds what looks wrong
    After,
    /// They wait until a moderator has read them
    Before,
}

impl ScreeningSettings {
    /// The rules, with the lists of words read.
    pub fn rules(&self) -> Result<Rules, SettingError> {
        let mut lists = BTreeMap::new();
        for (language, file) in &self.word_lists {
            let wrong = |problem: String| SettingError {
                name: WORD_LIST,
                problem: format!("{}: {problem}", file.display()),
                hint: "a text file in UTF-8 of at most 4 MiB, with a word or a few on each line",
            };
            let mut text = String::new();
            let opened = fs::File::open(file).map_err(|error| wrong(error.to_string()))?;
            let read = opened.take(LIST_BYTES + 1).read_to_string(&mut text);
            if read.map_err(|error| wrong(error.to_string()))? as u64 > LIST_BYTES {
                return Err(wrong("the list is too long".to_owned()));
            }
            let list = WordList::parse(&text).map_err(|problem| wrong(problem.to_string()))?;
            if lists.insert(language.clone(), list).is_some() {
                return Err(wrong(format!("there is another list for {language}")));
            }
        }
        let thresholds = Thresholds {
            fastest: TimeDelta::seconds(i64::from(self.fastest_form)),
            most_in_window: u64::from(self.contribution_rate),
            first_held: u64::from(self.hold_first_contributions),
            ..Thresholds::default()
        };
        Ok(Rules {
            screener: Screener::new(thresholds, lists),
            comments_read_first: self.comment_moderation == ModerationTime::Before,
            answers_read_first: self.answer_moderation == ModerationTime::Before,
        })
    }
}

fn word_list(raw: &str) -> Result<(String, PathBuf), &'static str> {
    const WANTED: &str = "a language and a file, such as nl=/etc/jij/nl.txt";
    let (language, file) = raw.trim().split_once('=').ok_or(WANTED)?;
    let is_language = (2..=8).contains(&language.len())
        && language
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if is_language && !file.is_empty() {
        Ok((language.to_owned(), PathBuf::from(file)))
    } else {
        Err(WANTED)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        screening: ScreeningSettings,
    }

    fn rules(arguments: &[&str]) -> Result<Rules, String> {
        let program = Program::try_parse_from([&["jij"], arguments].concat())
            .map_err(|error| error.to_string())?;
        program.screening.rules().map_err(|error| error.to_string())
    }

    fn list(text: &[u8]) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("nl.txt");
        fs::write(&file, text).unwrap();
        let argument = format!("nl={}", file.display());
        (folder, argument)
    }

    #[test]
    fn nothing_said_publishes_first_and_holds_two() {
        let rules = rules(&[]).unwrap();
        assert!(!rules.comments_read_first && !rules.answers_read_first);
        assert_eq!(rules.screener.thresholds(), Thresholds::default());
    }

    #[test]
    fn what_is_said_counts() {
        let rules = rules(&[
            "--comment-moderation",
            "before",
            "--hold-first-contributions",
            "0",
            "--contribution-rate",
            "9",
        ])
        .unwrap();
        assert!(rules.comments_read_first && !rules.answers_read_first);
        let thresholds = rules.screener.thresholds();
        assert_eq!((thresholds.first_held, thresholds.most_in_window), (0, 9));
    }

    #[test]
    fn a_list_that_cannot_be_used_is_said_at_once() {
        let (_good, argument) = list(b"# van ons\nlelijk woord\n");
        assert!(rules(&["--word-list", &argument]).is_ok());
        let twice = format!("{argument},{argument}");
        for (argument, says) in [
            ("nl=/nergens/nl.txt", "/nergens/nl.txt"),
            ("nl", "such as nl="),
            ("=a", "such as nl="),
            (&twice, "another list for nl"),
        ] {
            let problem = rules(&["--word-list", argument]).unwrap_err();
            assert!(problem.contains(says), "{argument}: {problem}");
        }
        for (text, says) in [
            (&b"goed\n!!!\n"[..], "line 2 holds no word"),
            (b"\xff\xfe", "UTF-8"),
        ] {
            let (_folder, argument) = list(text);
            let problem = rules(&["--word-list", &argument]).unwrap_err();
            assert!(problem.contains(says), "{problem}");
        }
    }
}
