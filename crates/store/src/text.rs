//! Values kept as text: ids, codes and JSON. What does not read back was not written by us.

use std::str::FromStr;

use app::ports::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn parse<T: FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Failed(format!("unreadable in the store: {text}")))
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(format!("cannot be written as JSON: {error}")))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Failed(format!("unreadable in the store: {error}")))
}
