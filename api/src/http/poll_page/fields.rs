//! The fields of a question: each kind by native controls, so that a keyboard and a screen reader
//! have what a mouse has, and nothing is dragged.

use domain::{
    Locale,
    poll::{OptionRole, PollOption, QuestionKind, Rules},
};

use super::{
    filled::{
        Filled, Place, Problem, choice_name, is_chosen, option_name, skip_name, written_name,
    },
    html::Html,
    sheet::Asked,
};

/// Most answers of others that are offered for support.
const OTHERS: usize = 50;

/// What the fields of a question are written with.
pub(super) struct Fields<'a> {
    pub(super) asked: &'a Asked,
    pub(super) filled: &'a Filled,
    pub(super) told: &'a [Problem],
    pub(super) locale: Locale,
}

impl Fields<'_> {
    /// Writes all fields of the question.
    pub(super) fn write(&self, html: &mut Html) {
        let question = &self.asked.question;
        match question.kind {
            QuestionKind::Single | QuestionKind::Quiz => self.choices(html, "radio"),
            QuestionKind::Multiple => self.choices(html, "checkbox"),
            QuestionKind::Statements
            | QuestionKind::Scale
            | QuestionKind::Number
            | QuestionKind::Ranking
            | QuestionKind::Points => self.values(html),
            QuestionKind::WordCloud => self.texts(html),
            QuestionKind::Open => {
                self.texts(html);
                self.support(html);
            }
        }
        if question.rules.allow_skip {
            let name = skip_name(question.id);
            let is_checked = self.filled.value(&name).is_some();
            html.raw("<label class=\"o k\"><input type=checkbox")
                .attribute("name", &name)
                .raw(" value=1")
                .raw_if(is_checked, " checked")
                .raw("><span>")
                .raw(
                    self.locale
                        .pick("Ik sla deze vraag over", "I skip this question"),
                )
                .raw("</span></label>");
        }
    }

    fn choices(&self, html: &mut Html, control: &str) {
        for option in &self.asked.options {
            self.choice(html, control, option);
            if option.role == OptionRole::Other {
                let name = written_name(self.asked.question.id);
                self.text(
                    html,
                    &name,
                    0,
                    self.locale.pick("Namelijk", "Namely"),
                    false,
                );
            }
        }
    }

    fn choice(&self, html: &mut Html, control: &str, option: &PollOption) {
        let name = choice_name(self.asked.question.id);
        let value = option_name(option.id);
        let is_checked = self.filled.has(&name, &value);
        html.raw("<label class=o><input type=")
            .raw(control)
            .attribute("name", &name)
            .attribute("value", &value)
            .raw_if(is_checked, " checked");
        self.describe(html, Place::Option(option.id), &value);
        html.raw("><span>");
        if option.is_right == Some(true) {
            html.raw("✓ ");
        }
        html.text(&option.label);
        more(html, option);
        html.raw("</span></label>");
        self.problem(html, Place::Option(option.id), &value);
    }

    fn values(&self, html: &mut Html) {
        let question = &self.asked.question;
        for option in &self.asked.options {
            if is_chosen(question.kind, option) {
                self.choice(html, "checkbox", option);
                continue;
            }
            match question.kind {
                QuestionKind::Statements => {
                    let (yes, no) = match self.locale {
                        Locale::Nl => ("Eens", "Oneens"),
                        Locale::En => ("Agree", "Disagree"),
                    };
                    let neutral = self.locale.pick("Geen mening", "No opinion");
                    let steps = [(1, yes), (0, neutral), (-1, no)];
                    self.steps(
                        html,
                        option,
                        &steps.map(|(step, word)| (step, word.to_owned())),
                    );
                }
                QuestionKind::Scale => {
                    let min = question.rules.scale_min.unwrap_or(1);
                    let max = question.rules.scale_max.unwrap_or(5);
                    let steps: Vec<_> = (min..=max).map(|step| (step, step.to_string())).collect();
                    self.steps(html, option, &steps);
                }
                QuestionKind::Ranking => self.place(html, option),
                QuestionKind::Points => {
                    self.number(html, option, (Some(0), question.rules.budget));
                }
                _ => {
                    let Rules {
                        scale_min,
                        scale_max,
                        ..
                    } = question.rules;
                    self.number(html, option, (scale_min, scale_max));
                }
            }
            let name = option_name(option.id);
            self.problem(html, Place::Option(option.id), &name);
        }
    }

    /// A step of some for the option.
    fn steps(&self, html: &mut Html, option: &PollOption, steps: &[(i32, String)]) {
        let name = option_name(option.id);
        html.raw("<fieldset class=v");
        self.describe(html, Place::Option(option.id), &name);
        html.raw("><legend>").text(&option.label);
        more(html, option);
        html.raw("</legend><div class=g>");
        for (step, word) in steps {
            let value = step.to_string();
            let is_checked = self.filled.has(&name, &value);
            html.raw("<label class=p><input type=radio")
                .attribute("name", &name)
                .attribute("value", &value)
                .raw_if(is_checked, " checked")
                .raw(">")
                .text(word)
                .raw("</label>");
        }
        html.raw("</div></fieldset>");
    }

    /// A place in the ranking for the option.
    fn place(&self, html: &mut Html, option: &PollOption) {
        let name = option_name(option.id);
        let all = self.asked.options.iter();
        let all = all
            .filter(|option| option.role == OptionRole::Choice)
            .count();
        let most = self.asked.question.rules.max_choices;
        let most = most.and_then(|most| usize::try_from(most).ok());
        html.raw("<label class=v><span>").text(&option.label);
        more(html, option);
        html.raw("</span><select").attribute("name", &name);
        self.describe(html, Place::Option(option.id), &name);
        html.raw("><option value=\"\">–</option>");
        for place in 1..=most.unwrap_or(all).min(all) {
            let place = place.to_string();
            let is_chosen = self.filled.has(&name, &place);
            html.raw("<option")
                .raw_if(is_chosen, " selected")
                .raw(">")
                .raw(&place)
                .raw("</option>");
        }
        html.raw("</select></label>");
    }

    fn number(&self, html: &mut Html, option: &PollOption, bounds: (Option<i32>, Option<i32>)) {
        let name = option_name(option.id);
        html.raw("<label class=v><span>")
            .text(if option.label.is_empty() {
                self.locale.pick("Uw getal", "Your number")
            } else {
                &option.label
            });
        more(html, option);
        // What is typed may be refused by the server alone: a browser's own message would not be
        // in the page's language.
        html.raw("</span><input type=number step=1 inputmode=numeric")
            .attribute("name", &name)
            .attribute("value", self.filled.value(&name).unwrap_or_default());
        for (bound, value) in [("min", bounds.0), ("max", bounds.1)] {
            if let Some(value) = value {
                html.attribute(bound, &value.to_string());
            }
        }
        self.describe(html, Place::Option(option.id), &name);
        html.raw("></label>");
    }

    /// The fields for what one writes.
    fn texts(&self, html: &mut Html) {
        let rules = &self.asked.question.rules;
        let name = written_name(self.asked.question.id);
        let most = rules
            .max_answers
            .and_then(|most| usize::try_from(most).ok());
        let most = most.unwrap_or(1);
        let is_word = self.asked.question.kind == QuestionKind::WordCloud;
        for field in 0..most {
            let what = match (is_word, self.locale) {
                (true, Locale::Nl) => "Woord",
                (true, Locale::En) => "Word",
                (false, Locale::Nl) => "Uw antwoord",
                (false, Locale::En) => "Your answer",
            };
            let label = if most == 1 {
                what.to_owned()
            } else {
                format!("{what} {}", field + 1)
            };
            self.text(html, &name, field, &label, !is_word);
        }
    }

    fn text(&self, html: &mut Html, name: &str, field: usize, label: &str, is_long: bool) {
        let id = format!("{name}.{field}");
        let value = self.filled.values(name).nth(field).unwrap_or_default();
        let place = Place::Written(field);
        html.raw("<label class=w><span>").text(label).raw("</span>");
        if is_long {
            html.raw("<textarea rows=3").attribute("name", name);
            self.describe(html, place, &id);
            html.raw(">").text(value).raw("</textarea>");
        } else {
            html.raw("<input autocomplete=off")
                .attribute("name", name)
                .attribute("value", value);
            self.describe(html, place, &id);
            html.raw(">");
        }
        html.raw("</label>");
        self.problem(html, place, &id);
    }

    /// Answers of others that one may support.
    fn support(&self, html: &mut Html) {
        let name = choice_name(self.asked.question.id);
        let options = self.asked.options.iter().enumerate();
        let shown: Vec<_> = options
            .filter(|(place, option)| {
                *place < OTHERS || self.filled.has(&name, &option_name(option.id))
            })
            .collect();
        if shown.is_empty() {
            return;
        }
        html.raw("<fieldset class=v><legend>")
            .raw(self.locale.pick(
                "Steun antwoorden die er al staan",
                "Support answers that are there",
            ))
            .raw("</legend>");
        for (_, option) in shown {
            self.choice(html, "checkbox", option);
        }
        html.raw("</fieldset>");
    }

    /// Ties a control to what is told about it.
    fn describe(&self, html: &mut Html, place: Place, id: &str) {
        if self.told.iter().any(|problem| problem.place == place) {
            html.raw(" aria-invalid=true")
                .attribute("aria-describedby", &format!("e{id}"));
        }
    }

    /// What is told about a control, below it.
    fn problem(&self, html: &mut Html, place: Place, id: &str) {
        problem(html, self.told, place, &format!("e{id}"));
    }
}

/// Writes what is told at this place, if anything is.
pub(super) fn problem(html: &mut Html, told: &[Problem], place: Place, id: &str) {
    let mut here = told
        .iter()
        .filter(|problem| problem.place == place)
        .peekable();
    if here.peek().is_none() {
        return;
    }
    html.raw("<p class=e").attribute("id", id).raw(">");
    for problem in here {
        html.text(&problem.message).raw(" ");
    }
    html.raw("</p>");
}

/// What a ballot must keep to, in a sentence; empty where the fields say it all.
pub(super) fn hint(asked: &Asked, locale: Locale) -> String {
    let rules = &asked.question.rules;
    let min = rules.min_choices.unwrap_or(1);
    let max = rules.max_choices.unwrap_or(1);
    let nl = locale == Locale::Nl;
    match asked.question.kind {
        QuestionKind::Single | QuestionKind::Quiz => locale
            .pick("Kies één antwoord.", "Choose one answer.")
            .to_owned(),
        QuestionKind::Multiple if min == max && nl => format!("Kies er precies {min}."),
        QuestionKind::Multiple if min == max => format!("Choose exactly {min}."),
        QuestionKind::Multiple if min > 1 && nl => format!("Kies er {min} tot {max}."),
        QuestionKind::Multiple if min > 1 => format!("Choose {min} to {max}."),
        QuestionKind::Multiple if nl => format!("Kies er hoogstens {max}."),
        QuestionKind::Multiple => format!("Choose at most {max}."),
        QuestionKind::Statements => locale
            .pick(
                "Zeg per stelling wat u ervan vindt. U hoeft niet alles te beantwoorden.",
                "Say of each statement what you think. You need not answer all.",
            )
            .to_owned(),
        QuestionKind::Scale => {
            let end = |step: Option<i32>, label: &Option<String>| {
                Some(format!("{} = {}", step?, label.as_ref()?))
            };
            let ends = [
                end(rules.scale_min, &rules.scale_min_label),
                end(rules.scale_max, &rules.scale_max_label),
            ];
            ends.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        QuestionKind::Ranking if nl => format!(
            "Geef {} een plaats: 1 is uw eerste keus.",
            counted(min, max, locale)
        ),
        QuestionKind::Ranking => format!(
            "Give {} a place: 1 is your first choice.",
            counted(min, max, locale)
        ),
        QuestionKind::Points => {
            let budget = rules.budget.unwrap_or_default();
            match (rules.spend_all, nl) {
                (true, true) => format!("Verdeel alle {budget} punten."),
                (true, false) => format!("Spread all {budget} points."),
                (false, true) => format!("Verdeel hoogstens {budget} punten."),
                (false, false) => format!("Spread at most {budget} points."),
            }
        }
        QuestionKind::Number => {
            let (min, max) = (rules.scale_min, rules.scale_max);
            match (min.zip(max), nl) {
                (Some((min, max)), true) => format!("Een heel getal van {min} tot en met {max}."),
                (Some((min, max)), false) => format!("A whole number from {min} to {max}."),
                (None, _) => String::new(),
            }
        }
        QuestionKind::WordCloud | QuestionKind::Open => {
            let most = rules.max_length.unwrap_or_default();
            if nl {
                format!("Elk hoogstens {most} tekens.")
            } else {
                format!("At most {most} characters each.")
            }
        }
    }
}

fn counted(min: i32, max: i32, locale: Locale) -> String {
    if min == max {
        min.to_string()
    } else {
        format!("{min} {} {max}", locale.pick("tot", "to"))
    }
}

fn more(html: &mut Html, option: &PollOption) {
    if !option.description.is_empty() {
        html.raw("<small>")
            .text(&option.description)
            .raw("</small>");
    }
}
