//! Documents with a value drawn for every argument.

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, Type},
    schema::ExtendedType,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use harness::Chance;
use serde_json::{Map, Value, json};

/// The levels of objects that a document selects.
const DEPTH: usize = 3;
/// Whole numbers at the ends of what is taken somewhere, and beyond.
const NUMBERS: [i64; 14] = [
    0,
    1,
    -1,
    2,
    20,
    100,
    101,
    366,
    1_000_000_000,
    1_000_000_001,
    2_147_483_647,
    -2_147_483_648,
    2_147_483_646,
    7,
];
const TIMES: [&str; 9] = [
    "0000-01-01T00:00:00Z",
    "0000-01-01T00:00:00+23:59",
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999999999Z",
    "2026-03-02T14:40:00.000Z",
    "9999-12-31T23:59:59.999999999Z",
    "9999-12-31T23:59:59-23:59",
    "2016-12-31T23:59:60Z",
    "+99999-01-01T00:00:00Z",
];
/// Texts that mean something somewhere, or nothing anywhere.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "\0",
    "x\0y",
    "\u{1}\u{7f}\u{9b}",
    "\u{feff}\u{202e}\u{2028}",
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
    "\u{10ffff}\u{fffe}",
    "nl",
    "GM0193",
    "123 456",
    "iemand@voorbeeld.example",
    "iemand\0@voorbeeld.example",
    "https://voorbeeld.example",
    "#00529c",
    "'; DROP TABLE story; --",
];

/// A document and the values of its variables.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) document: String,
    pub(super) variables: Map<String, Value>,
}

/// Draws documents, and learns from answers what values are good.
pub(super) struct Draw<'a> {
    pub(super) schema: &'a Schema,
    pub(super) chance: Chance,
    /// Ids, slugs and cursors that answers held.
    pub(super) known: Vec<String>,
    variables: Map<String, Value>,
    declared: Vec<String>,
}

impl<'a> Draw<'a> {
    pub(super) fn new(schema: &'a Schema, chance: Chance) -> Self {
        Self {
            schema,
            chance,
            known: Vec::new(),
            variables: Map::new(),
            declared: Vec::new(),
        }
    }

    /// A document that asks for one field of `Query` or `Mutation`; `plainly`, without arguments
    /// that may be left out.
    pub(super) fn document(&mut self, root: &str, field: &FieldDefinition, plainly: bool) -> Drawn {
        self.variables = Map::new();
        self.declared = Vec::new();
        let asked = self.field(field, DEPTH, plainly);
        let variables = if self.declared.is_empty() {
            String::new()
        } else {
            format!("({})", self.declared.join(", "))
        };
        Drawn {
            document: format!("{root}{variables} {{ {asked} }}"),
            variables: std::mem::take(&mut self.variables),
        }
    }

    /// Keeps the ids, slugs and cursors of an answer.
    pub(super) fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Object(members) => {
                for (name, value) in members {
                    let is_good = matches!(&**name, "id" | "slug" | "cursor" | "joinCode");
                    match value {
                        Value::String(text) if is_good && !self.known.contains(text) => {
                            self.known.push(text.clone());
                        }
                        other => self.learn(other),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    fn field(&mut self, field: &FieldDefinition, depth: usize, plainly: bool) -> String {
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            if !argument.is_required() && (plainly || self.chance.below(3) == 0) {
                continue;
            }
            let variable = format!("{}{}", argument.name, self.declared.len());
            self.declared.push(format!("${variable}: {}", argument.ty));
            let value = self.value(&argument.ty, &argument.name, depth + 2);
            self.variables.insert(variable.clone(), value);
            arguments.push(format!("{}: ${variable}", argument.name));
        }
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            format!("({})", arguments.join(", "))
        };
        let selection = self.selection(field.ty.inner_named_type(), depth, plainly);
        format!("{}{arguments}{selection}", field.name)
    }

    fn selection(&mut self, name: &Name, depth: usize, plainly: bool) -> String {
        let schema = self.schema;
        let fields = match &schema.types[name] {
            ExtendedType::Object(object) => &object.fields,
            // One of the objects: two might give fields of one name another shape.
            ExtendedType::Interface(_) => {
                let objects = schema.implementers_map()[name].objects.clone();
                let objects: Vec<Name> = objects.into_iter().collect();
                let object = self.chance.one_of(&objects).clone();
                let inner = self.selection(&object, depth, plainly);
                return format!(" {{ __typename ... on {object}{inner} }}");
            }
            ExtendedType::Union(union) => {
                let objects: Vec<Name> = union.members.iter().map(|one| one.name.clone()).collect();
                let object = self.chance.one_of(&objects).clone();
                let inner = self.selection(&object, depth, plainly);
                return format!(" {{ __typename ... on {object}{inner} }}");
            }
            _ => return String::new(),
        };
        let mut selected = vec!["__typename".to_owned()];
        for (name, field) in fields {
            let is_object = !schema.types[field.ty.inner_named_type()].is_leaf();
            let is_list = matches!(&**name, "edges" | "node" | "nodes" | "userErrors");
            let is_good = matches!(&**name, "id" | "slug" | "cursor" | "joinCode");
            let is_selected = if is_object {
                is_list || (depth > 0 && self.chance.below(3) == 0)
            } else {
                is_good || self.chance.below(4) == 0
            };
            if is_selected {
                let deeper = if is_list {
                    depth
                } else {
                    depth.saturating_sub(1)
                };
                selected.push(self.field(field, deeper, plainly));
            }
        }
        format!(" {{ {} }}", selected.join(" "))
    }

    fn value(&mut self, kind: &Type, argument: &str, depth: usize) -> Value {
        if !kind.is_non_null() && (depth == 0 || self.chance.below(4) == 0) {
            return Value::Null;
        }
        if kind.is_list() {
            let items = self.chance.below(4);
            let item = kind.item_type();
            let values = (0..items).map(|_| self.value(item, argument, depth.saturating_sub(1)));
            return values.collect();
        }
        match &self.schema.types[kind.inner_named_type()] {
            ExtendedType::Enum(choices) => {
                let names: Vec<&Name> = choices.values.keys().collect();
                json!(self.chance.one_of(&names).as_str())
            }
            ExtendedType::InputObject(input) => {
                let mut members = Map::new();
                for (name, field) in &input.fields {
                    if field.is_required() || self.chance.below(3) > 0 {
                        let value = self.value(&field.ty, name, depth.saturating_sub(1));
                        members.insert(name.to_string(), value);
                    }
                }
                Value::Object(members)
            }
            _ => self.scalar(kind.inner_named_type(), argument),
        }
    }

    fn scalar(&mut self, name: &str, argument: &str) -> Value {
        match name {
            "Int" | "BigInt" => json!(*self.chance.one_of(&NUMBERS)),
            "Float" => json!(*self.chance.one_of(&[0.0, -1.5, 1e300, -1e-300])),
            "Boolean" => json!(self.chance.below(2) == 0),
            "DateTime" => json!(*self.chance.one_of(&TIMES)),
            _ if matches!(argument, "after" | "before") => {
                let known = self.known_text();
                json!(if self.chance.below(2) == 0 {
                    self.forged(&known)
                } else {
                    known
                })
            }
            _ => json!(self.text()),
        }
    }

    fn known_text(&mut self) -> String {
        if self.known.is_empty() {
            return String::new();
        }
        self.chance.one_of(&self.known).clone()
    }

    fn text(&mut self) -> String {
        match self.chance.below(9) {
            0..=2 => (*self.chance.one_of(&TEXTS)).to_owned(),
            3 => self.characters(40),
            4 => self.characters(1).repeat(25_000),
            5 => {
                let bytes = self.bytes(40);
                URL_SAFE_NO_PAD.encode(bytes)
            }
            6 => format!("{}\0", self.known_text()),
            _ => self.known_text(),
        }
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.chance.below(most);
        let byte = |chance: &mut Chance| chance.number().to_le_bytes()[0];
        (0..length).map(|_| byte(&mut self.chance)).collect()
    }

    /// Characters of all planes, low ones as often as all others.
    fn characters(&mut self, most: usize) -> String {
        let length = 1 + self.chance.below(most);
        let one = |chance: &mut Chance| {
            let end = if chance.below(2) == 0 {
                0x180
            } else {
                0x0011_0000
            };
            u32::try_from(chance.below(end))
                .ok()
                .and_then(char::from_u32)
        };
        (0..length).filter_map(|_| one(&mut self.chance)).collect()
    }

    /// A cursor of the same list and row with another value to sort by; anything, where this is no
    /// cursor.
    pub(super) fn forged(&mut self, cursor: &str) -> String {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
        let Some(row) = bytes.get(..24) else {
            return URL_SAFE_NO_PAD.encode(self.bytes(60));
        };
        let number = self.chance.number().to_be_bytes();
        let ends = [i64::MAX, i64::MIN, 0, i64::from(i32::MAX) + 1];
        let end = self.chance.one_of(&ends).to_be_bytes();
        let value = match self.chance.below(6) {
            0 => [b"n", &number[..]].concat(),
            1 => [b"n", &end[..]].concat(),
            2 => [b"i", &number[..]].concat(),
            3 => [b"i", &end[..]].concat(),
            4 => [b"t", self.text().as_bytes()].concat(),
            _ => self.bytes(20),
        };
        URL_SAFE_NO_PAD.encode([row, &value].concat())
    }
}
