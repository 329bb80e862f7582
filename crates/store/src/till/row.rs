//! Rows on their way into JSON, written field by field: thousands a second are no place for a tree of them.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// Named values, one behind the other; [`row!`] makes them.
pub(super) trait Fields {
    /// How many.
    const COUNT: usize;

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

#[derive(Debug)]
pub(super) struct End;

#[derive(Debug)]
pub(super) struct Field<V, R>(pub(super) &'static str, pub(super) V, pub(super) R);

impl Fields for End {
    const COUNT: usize = 0;

    fn write<M: SerializeMap>(&self, _: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

impl<V: Serialize, R: Fields> Fields for Field<V, R> {
    const COUNT: usize = 1 + R::COUNT;

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(self.0, &self.1)?;
        self.2.write(map)
    }
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<F>(pub(super) F);

impl<F: Fields> Serialize for Row<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(F::COUNT))?;
        self.0.write(&mut map)?;
        map.end()
    }
}

/// A row as `json!` would spell it.
macro_rules! row {
    ({ $($fields:tt)* }) => { $crate::till::row::Row(row!(@ $($fields)*)) };
    (@ $name:literal: $value:expr $(, $($rest:tt)*)?) => {
        $crate::till::row::Field($name, $value, row!(@ $($($rest)*)?))
    };
    (@) => { $crate::till::row::End };
}
pub(super) use row;

#[test]
fn a_row_reads_as_json_would() {
    let (id, who) = (7, Some("Ann \"A.\""));
    let row = row!({ "id": id, "who": who, "none": Option::<u8>::None, "words": ["a", "b"] });
    let json = serde_json::json!({ "id": id, "who": who, "none": null, "words": ["a", "b"] });
    assert_eq!(serde_json::to_value(&row).expect("JSON"), json);
}
