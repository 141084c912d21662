//! Partners and municipalities as clients see them.

use async_graphql::SimpleObject;

/// A municipality (gemeente) of Overijssel.
#[derive(SimpleObject)]
pub(crate) struct Municipality {
    /// The CBS code, such as `GM0193`.
    code: String,
    /// The name as CBS prints it.
    name: String,
}

impl From<domain::partner::Municipality> for Municipality {
    fn from(municipality: domain::partner::Municipality) -> Self {
        Self {
            code: municipality.code,
            name: municipality.name,
        }
    }
}
