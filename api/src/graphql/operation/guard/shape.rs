//! A document's shape: what its definitions select, each by itself and with its fragments.

use std::collections::HashMap;

use super::{
    Limits, Refusal,
    lexer::{Bracket, Token},
};

/// An operation or a fragment.
#[derive(Debug, Default)]
struct Definition<'a> {
    /// Fields, spreads and inline fragments, by itself.
    selections: usize,
    /// Selection sets within each other, by itself.
    depth: usize,
    /// The fragments it spreads, each with how deep.
    spreads: Vec<(&'a str, usize)>,
}

/// What a definition comes to with its fragments in place.
#[derive(Debug, Clone, Copy, Default)]
struct Expanded {
    selections: usize,
    depth: usize,
}

/// Refuses too many directives, in all and one right after the other.
pub(super) fn check_directives(
    tokens: &[(Token<'_>, usize)],
    limits: &Limits,
) -> Result<(), Refusal> {
    let (mut all, mut together, mut place) = (0, 0, 0);
    while let Some((token, _)) = tokens.get(place) {
        if *token != Token::At {
            together = 0;
            place += 1;
            continue;
        }
        all += 1;
        together += 1;
        if all > limits.directives {
            return Err(Refusal::Directives {
                limit: limits.directives,
            });
        }
        if together > limits.directives_in_place {
            return Err(Refusal::DirectivesInPlace {
                limit: limits.directives_in_place,
            });
        }
        // Past the name and the arguments, in which no directive can stand.
        place += 1;
        if matches!(tokens.get(place), Some((Token::Name(_), _))) {
            place += 1;
        }
        if let Some((Token::Open(Bracket::Round, end), _)) = tokens.get(place) {
            place = end + 1;
        }
    }
    Ok(())
}

/// Refuses what breaks a limit, or cannot be a document.
pub(super) fn check(
    document: &str,
    tokens: &[(Token<'_>, usize)],
    limits: &Limits,
) -> Result<(), Refusal> {
    let mut reader = Reader {
        document,
        tokens,
        place: 0,
        aliases: 0,
    };
    let mut operations = Vec::new();
    let mut fragments = HashMap::new();
    while let Some(token) = reader.peek(0) {
        match token {
            Token::Open(Bracket::Curly, _) | Token::Name("query" | "mutation" | "subscription") => {
                operations.push(reader.definition()?);
                if operations.len() > limits.operations {
                    return Err(Refusal::Operations {
                        limit: limits.operations,
                    });
                }
            }
            Token::Name("fragment") => {
                let Some(Token::Name(name)) = reader.peek(1) else {
                    return Err(reader.syntax());
                };
                if fragments.contains_key(name) {
                    return Err(reader.syntax());
                }
                fragments.insert(name, reader.definition()?);
                if fragments.len() > limits.fragments {
                    return Err(Refusal::Fragments {
                        limit: limits.fragments,
                    });
                }
            }
            _ => return Err(reader.syntax()),
        }
    }
    if reader.aliases > limits.aliases {
        return Err(Refusal::Aliases {
            limit: limits.aliases,
        });
    }
    let mut expansion = Expansion {
        fragments: &fragments,
        known: HashMap::new(),
    };
    let mut selections = 0_usize;
    let mut expanded = Vec::with_capacity(operations.len() + fragments.len());
    for name in fragments.keys() {
        expanded.push(expansion.fragment(name)?);
    }
    for operation in &operations {
        expanded.push(expansion.definition(operation)?);
    }
    for definition in expanded {
        selections = selections.saturating_add(definition.selections);
        if definition.depth > limits.nesting {
            return Err(Refusal::Nesting {
                limit: limits.nesting,
            });
        }
    }
    if selections > limits.selections {
        return Err(Refusal::Selections {
            limit: limits.selections,
        });
    }
    Ok(())
}

struct Reader<'a, 'b> {
    document: &'b str,
    tokens: &'b [(Token<'a>, usize)],
    place: usize,
    aliases: usize,
}

impl<'a> Reader<'a, '_> {
    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.place + ahead).map(|(token, _)| *token)
    }

    fn syntax(&self) -> Refusal {
        let offset = self
            .tokens
            .get(self.place)
            .map_or(self.document.len(), |(_, offset)| *offset);
        Refusal::syntax(self.document, offset)
    }

    /// Reads the operation or fragment that begins here, to its end.
    fn definition(&mut self) -> Result<Definition<'a>, Refusal> {
        // The head: keyword, name, variables, type condition and directives.
        loop {
            match self.peek(0) {
                Some(Token::Open(Bracket::Curly, end)) => return self.selections(end),
                Some(Token::Open(_, end)) => self.place = end + 1,
                Some(Token::Name(_) | Token::At) => self.place += 1,
                _ => return Err(self.syntax()),
            }
        }
    }

    /// Refuses arguments and objects between these brackets in which a name has no value: the
    /// parser takes a name alone, and forgets it.
    fn check_values(&self, open: usize, close: usize) -> Result<(), Refusal> {
        let at = |place: usize| self.tokens.get(place).map(|(token, _)| *token);
        let mut ahead = vec![(open, close)];
        while let Some((open, close)) = ahead.pop() {
            let has_names = !matches!(at(open), Some(Token::Open(Bracket::Square, _)));
            let mut place = open + 1;
            while place < close {
                if has_names {
                    let named = (at(place), at(place + 1));
                    if !matches!(named, (Some(Token::Name(_)), Some(Token::Colon))) {
                        return Err(Refusal::syntax(self.document, self.tokens[place].1));
                    }
                    place += 2;
                }
                place = match at(place) {
                    Some(Token::Open(_, end)) => {
                        ahead.push((place, end));
                        end + 1
                    }
                    Some(Token::Dollar) => place + 2,
                    _ => place + 1,
                };
            }
        }
        Ok(())
    }

    /// Reads the selection sets from here to `end`.
    fn selections(&mut self, end: usize) -> Result<Definition<'a>, Refusal> {
        let mut definition = Definition::default();
        let mut depth = 0;
        while self.place <= end {
            let read = match self.peek(0) {
                Some(Token::Open(Bracket::Curly, _)) => {
                    depth += 1;
                    definition.depth = definition.depth.max(depth);
                    1
                }
                Some(Token::Close(Bracket::Curly)) => {
                    depth -= 1;
                    1
                }
                // Arguments: nothing in them is selected.
                Some(Token::Open(Bracket::Round, close)) => {
                    self.check_values(self.place, close)?;
                    close + 1 - self.place
                }
                Some(Token::At) if matches!(self.peek(1), Some(Token::Name(_))) => 2,
                Some(Token::Spread) => {
                    definition.selections += 1;
                    match (self.peek(1), self.peek(2)) {
                        (Some(Token::Name("on")), Some(Token::Name(_))) => 3,
                        (Some(Token::Name(name)), _) => {
                            definition.spreads.push((name, depth));
                            2
                        }
                        _ => 1,
                    }
                }
                Some(Token::Name(_)) => {
                    definition.selections += 1;
                    match (self.peek(1), self.peek(2)) {
                        (Some(Token::Colon), Some(Token::Name(_))) => {
                            self.aliases += 1;
                            3
                        }
                        _ => 1,
                    }
                }
                _ => return Err(self.syntax()),
            };
            self.place += read;
        }
        Ok(definition)
    }
}

struct Expansion<'a, 'b> {
    fragments: &'b HashMap<&'a str, Definition<'a>>,
    /// What is known of a fragment; none while it is being found out.
    known: HashMap<&'a str, Option<Expanded>>,
}

impl<'a> Expansion<'a, '_> {
    /// What a fragment comes to. It calls itself no deeper than there are fragments.
    fn fragment(&mut self, name: &'a str) -> Result<Expanded, Refusal> {
        match self.known.get(name) {
            Some(Some(expanded)) => return Ok(*expanded),
            Some(None) => return Err(Refusal::Cycle),
            None => {}
        }
        // A fragment that is not there is the validation's to name.
        let Some(definition) = self.fragments.get(name) else {
            return Ok(Expanded::default());
        };
        self.known.insert(name, None);
        let expanded = self.definition(definition)?;
        self.known.insert(name, Some(expanded));
        Ok(expanded)
    }

    fn definition(&mut self, definition: &Definition<'a>) -> Result<Expanded, Refusal> {
        let mut expanded = Expanded {
            selections: definition.selections,
            depth: definition.depth,
        };
        for (name, depth) in &definition.spreads {
            let fragment = self.fragment(name)?;
            expanded.selections = expanded.selections.saturating_add(fragment.selections);
            expanded.depth = expanded.depth.max(depth.saturating_add(fragment.depth));
        }
        Ok(expanded)
    }
}
