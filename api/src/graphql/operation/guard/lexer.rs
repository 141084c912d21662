//! A linear reading of a document into tokens, as the grammar of GraphQL has them (October 2021,
//! section 2.1), without recursion.

use super::Refusal;

/// A token that says something about a document's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `...`
    Spread,
    /// `:`
    Colon,
    /// `@`
    At,
    /// `(`, `[` or `{`, and the place of the token that closes it.
    Open(Bracket, usize),
    /// `)`, `]` or `}`.
    Close(Bracket),
    /// A name or keyword.
    Name(&'a str),
    /// `$`
    Dollar,
    /// Anything else: a number, a text, `!` or `=`.
    Other,
}

/// A pair of brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
}

/// The tokens of a document with their offsets; at most `most` of them, brackets in pairs and
/// nested at most `deepest`.
pub(super) fn tokens(
    document: &str,
    most: usize,
    deepest: usize,
) -> Result<Vec<(Token<'_>, usize)>, Refusal> {
    let mut lexer = Lexer {
        document,
        offset: 0,
    };
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    while let Some((token, offset)) = lexer.next()? {
        if tokens.len() == most {
            return Err(Refusal::Tokens { limit: most });
        }
        match token {
            Token::Open(bracket, _) => {
                if open.len() == deepest {
                    return Err(Refusal::Nesting { limit: deepest });
                }
                open.push((bracket, tokens.len()));
            }
            Token::Close(bracket) => match open.pop() {
                Some((opened, place)) if opened == bracket => {
                    let close = tokens.len();
                    if let Some((Token::Open(_, end), _)) = tokens.get_mut(place) {
                        *end = close;
                    }
                }
                _ => return Err(Refusal::syntax(document, offset)),
            },
            _ => {}
        }
        tokens.push((token, offset));
    }
    if open.is_empty() {
        Ok(tokens)
    } else {
        Err(Refusal::syntax(document, document.len()))
    }
}

struct Lexer<'a> {
    document: &'a str,
    offset: usize,
}

impl<'a> Lexer<'a> {
    /// The next token and where it begins; none at the end.
    fn next(&mut self) -> Result<Option<(Token<'a>, usize)>, Refusal> {
        self.skip_ignored();
        let start = self.offset;
        let Some(first) = self.rest().chars().next() else {
            return Ok(None);
        };
        let token = match first {
            '{' => self.one(Token::Open(Bracket::Curly, 0)),
            '}' => self.one(Token::Close(Bracket::Curly)),
            '(' => self.one(Token::Open(Bracket::Round, 0)),
            ')' => self.one(Token::Close(Bracket::Round)),
            '[' => self.one(Token::Open(Bracket::Square, 0)),
            ']' => self.one(Token::Close(Bracket::Square)),
            ':' => self.one(Token::Colon),
            '@' => self.one(Token::At),
            '$' => self.one(Token::Dollar),
            '!' | '=' => self.one(Token::Other),
            '.' if self.rest().starts_with("...") => {
                self.offset += 3;
                Token::Spread
            }
            '"' => {
                self.text()?;
                Token::Other
            }
            '-' | '0'..='9' => {
                self.number()?;
                Token::Other
            }
            '_' | 'a'..='z' | 'A'..='Z' => {
                let length = run(self.rest(), |byte| {
                    byte == b'_' || byte.is_ascii_alphanumeric()
                });
                self.offset += length;
                Token::Name(&self.document[start..self.offset])
            }
            _ => return Err(Refusal::syntax(self.document, start)),
        };
        Ok(Some((token, start)))
    }

    fn rest(&self) -> &'a str {
        &self.document[self.offset..]
    }

    fn one(&mut self, token: Token<'a>) -> Token<'a> {
        self.offset += 1;
        token
    }

    /// Goes past white space, commas, byte order marks and comments.
    fn skip_ignored(&mut self) {
        loop {
            let rest = self.rest();
            let ignored = rest.len()
                - rest
                    .trim_start_matches([' ', ',', '\t', '\r', '\n', '\u{feff}'])
                    .len();
            self.offset += ignored;
            let rest = self.rest();
            if !rest.starts_with('#') {
                return;
            }
            self.offset += rest.find(['\r', '\n']).unwrap_or(rest.len());
        }
    }

    /// Goes past a text, of one line or as a block.
    fn text(&mut self) -> Result<(), Refusal> {
        let start = self.offset;
        let unended = Refusal::syntax(self.document, start);
        if self.rest().starts_with("\"\"\"") {
            self.offset += 3;
            loop {
                let rest = self.rest();
                let Some(quotes) = rest.find("\"\"\"") else {
                    return Err(unended);
                };
                // A backslash right before three quotes makes them part of the text.
                let escaped = rest[..quotes].ends_with('\\');
                self.offset += quotes + 3;
                if !escaped {
                    return Ok(());
                }
            }
        }
        let text = self.rest().as_bytes();
        let mut escaped = false;
        for (place, byte) in text.iter().enumerate().skip(1) {
            match byte {
                b'\n' | b'\r' => return Err(unended),
                b'"' if !escaped => {
                    self.offset += place + 1;
                    return Ok(());
                }
                _ => escaped = *byte == b'\\' && !escaped,
            }
        }
        Err(unended)
    }

    /// Goes past a whole or decimal number.
    fn number(&mut self) -> Result<(), Refusal> {
        let start = self.offset;
        let digits = |lexer: &mut Self| {
            let length = run(lexer.rest(), |byte| byte.is_ascii_digit());
            lexer.offset += length;
            length
        };
        if self.rest().starts_with('-') {
            self.offset += 1;
        }
        if self.rest().starts_with('0') {
            self.offset += 1;
        } else if digits(self) == 0 {
            return Err(Refusal::syntax(self.document, start));
        }
        let rest = self.rest().as_bytes();
        if rest.first() == Some(&b'.') && rest.get(1).is_some_and(u8::is_ascii_digit) {
            self.offset += 1;
            digits(self);
        }
        if self.rest().starts_with(['e', 'E']) {
            self.offset += 1;
            if self.rest().starts_with(['+', '-']) {
                self.offset += 1;
            }
            if digits(self) == 0 {
                return Err(Refusal::syntax(self.document, start));
            }
        }
        // A number and a name do not touch (section 2.9.1).
        if self
            .rest()
            .starts_with(|next: char| next == '_' || next.is_ascii_alphabetic())
        {
            return Err(Refusal::syntax(self.document, start));
        }
        Ok(())
    }
}

/// How many bytes at the start of `text` are of a kind.
fn run(text: &str, kind: impl Fn(u8) -> bool) -> usize {
    text.bytes()
        .position(|byte| !kind(byte))
        .unwrap_or(text.len())
}
