//! The database.

use store::SCHEMA_VERSION;

use super::Finding;
use crate::config::Config;
use crate::folder;

pub(super) async fn look(config: &Config) -> Finding {
    let what = "database";
    match store::look(&folder::target(config)).await {
        Ok(None) => Finding::ok(what, "SQLite; the first start makes it"),
        Ok(Some(looked)) => match looked.schema {
            None => Finding::ok(what, format!("{}, empty; the first start makes the tables", looked.server)),
            Some(schema) if schema > SCHEMA_VERSION => Finding::fail(
                what,
                format!("{}, of a newer release (schema {schema}; this one knows {SCHEMA_VERSION})", looked.server),
                "install that release, or restore a copy from before the upgrade",
            ),
            Some(SCHEMA_VERSION) => Finding::ok(what, format!("{}, schema {SCHEMA_VERSION}", looked.server)),
            Some(schema) => Finding::ok(
                what,
                format!("{}, schema {schema}; the next start brings it to {SCHEMA_VERSION}", looked.server),
            ),
        },
        Err(error) if config.database.is_empty() => Finding::fail(
            what,
            error.to_string(),
            format!("restore a copy; the file is {}", folder::database(&config.data).display()),
        ),
        Err(error) => {
            Finding::fail(what, error.to_string(), "check address, name and password in --database, and that it runs")
        }
    }
}
