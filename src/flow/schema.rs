//! What the JSON Schema of the flow files says beyond the types: names of nodes, keys of telephones, one kind a node.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

/// The name of a node, as a key of a flow file.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NodeName;

/// A key that a menu may use. That four choices are enough is for `check` to say, with its reasons.
pub(super) struct Digit;

impl JsonSchema for NodeName {
    fn schema_name() -> Cow<'static, str> {
        "NodeName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$" })
    }
}

impl JsonSchema for Digit {
    fn schema_name() -> Cow<'static, str> {
        "Digit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[1-5]$" })
    }
}

/// Exactly one of several fields, where the type says "one of several objects with one field each": editors complete the
/// former, and say in one sentence what is wrong.
pub(super) fn one_kind(schema: &mut Schema) {
    let Some(Value::Array(kinds)) = schema.remove("oneOf") else { return };
    let mut fields = Map::new();
    for mut kind in kinds {
        let description = kind["description"].take();
        if let Value::Object(properties) = kind["properties"].take() {
            for (name, mut field) in properties {
                field["description"] = description.clone();
                fields.insert(name, field);
            }
        }
    }
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), fields.into());
    schema.insert("additionalProperties".into(), false.into());
    schema.insert("minProperties".into(), 1.into());
    schema.insert("maxProperties".into(), 1.into());
}
