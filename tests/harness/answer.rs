//! What the API answers, and how a test reads it.

use serde_json::{Value, json};

/// What the API answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(pub Value);

impl Answer {
    /// The data behind a path such as `/theme/title`, if the request had no top-level error.
    ///
    /// # Panics
    /// If it had one, or there is nothing there.
    pub fn data(&self, path: &str) -> &Value {
        assert_eq!(self.0.get("errors"), None, "{:#}", self.0);
        self.0["data"]
            .pointer(path)
            .unwrap_or_else(|| panic!("nothing at {path} in {:#}", self.0))
    }

    /// The data of a mutation that was not declined.
    ///
    /// # Panics
    /// If it was.
    pub fn accepted(&self, mutation: &str) -> &Value {
        let payload = self.data(&format!("/{mutation}"));
        assert_eq!(payload["userErrors"], json!([]), "{:#}", self.0);
        payload
    }

    /// The codes of a mutation's refusals with their places, such as `TOO_SHORT input.title`.
    pub fn refusals(&self, mutation: &str) -> Vec<String> {
        let errors = &self.data(&format!("/{mutation}"))["userErrors"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        errors
            .as_array()
            .expect("userErrors is a list")
            .iter()
            .map(|error| {
                let field: Vec<String> = error["field"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(text)
                    .collect();
                format!("{} {}", text(&error["code"]), field.join("."))
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    /// The code of the first top-level error; empty where there is none.
    pub fn code(&self) -> &str {
        self.0
            .pointer("/errors/0/extensions/code")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}
