//! The schema's definitions, read once for the process: what documents are validated against and
//! what values are coerced by.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock},
};

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, Type},
    name,
    schema::{Component, EnumType, ExtendedType, InputObjectType},
    validation::Valid,
};

/// The definitions of a schema.
pub(super) struct Definitions {
    schema: Valid<Schema>,
    /// The object types that implement an interface or are members of a union.
    possible: HashMap<Name, Vec<Name>>,
}

impl Definitions {
    /// Returns the definitions of the schema that the server runs.
    pub(super) fn of_the_server() -> Arc<Self> {
        static SERVER: LazyLock<Arc<Definitions>> = LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the schema is part of the program, and every test reads it"
            )]
            let definitions = Definitions::read(&super::super::sdl()).expect("a valid schema");
            Arc::new(definitions)
        });
        Arc::clone(&SERVER)
    }

    /// Reads definitions in the schema definition language.
    pub(super) fn read(sdl: &str) -> Result<Self, String> {
        let builder = Schema::builder().parse(sdl, "schema.graphql");
        let mut schema = builder.build().map_err(|errors| errors.to_string())?;
        if let Some(ExtendedType::Object(definition)) = schema.types.get_mut("__Type") {
            // Part of the specification since September 2025, and not of the library yet.
            definition.make_mut().fields.insert(
                name!("isOneOf"),
                Component::new(FieldDefinition {
                    description: None,
                    name: name!("isOneOf"),
                    arguments: Vec::new(),
                    ty: Type::Named(name!("Boolean")),
                    directives: apollo_compiler::ast::DirectiveList::default(),
                }),
            );
        }
        let schema = schema.validate().map_err(|errors| errors.to_string())?;
        let mut possible: HashMap<Name, Vec<Name>> = HashMap::new();
        for (name, definition) in &schema.types {
            match definition {
                ExtendedType::Object(object) => {
                    possible.insert(name.clone(), vec![name.clone()]);
                    for interface in &object.implements_interfaces {
                        let implementers = possible.entry(interface.name.clone());
                        implementers.or_default().push(name.clone());
                    }
                }
                ExtendedType::Union(union) => {
                    let members = union.members.iter().map(|member| member.name.clone());
                    possible.insert(name.clone(), members.collect());
                }
                _ => {}
            }
        }
        Ok(Self { schema, possible })
    }

    /// Returns the schema.
    pub(super) fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// Returns the object types that a type stands for: itself, if it is one.
    pub(super) fn possible(&self, of: &str) -> &[Name] {
        self.possible.get(of).map_or(&[], Vec::as_slice)
    }

    /// Returns true if an object of type `object` is of `of`, an object type, interface or union.
    pub(super) fn is_of(&self, object: &Name, of: &Name) -> bool {
        object == of || self.possible(of).contains(object)
    }

    /// Returns true if values of a type have fields.
    pub(super) fn is_composite(&self, named: &str) -> bool {
        self.possible.contains_key(named)
    }

    /// Returns the input object type of this name.
    pub(super) fn input_object(&self, named: &str) -> Option<&InputObjectType> {
        self.schema.get_input_object(named).map(|found| &**found)
    }

    /// Returns the enum type of this name.
    pub(super) fn enumeration(&self, named: &str) -> Option<&EnumType> {
        self.schema.get_enum(named).map(|found| &**found)
    }
}

impl fmt::Debug for Definitions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Definitions")
    }
}
