//! PostgreSQL brings its own tools, which know its roles, versions and replicas better than we would.

use std::path::Path;

use crate::config::Config;

/// For a shell: inside single quotes nothing is special but the quote itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The exact commands, in their order: rows first, then the objects that they name.
#[must_use]
pub fn procedure(config: &Config, to: &Path, with_key: bool) -> String {
    let (database, data) = (quoted(&config.database), quoted(&config.data.display().to_string()));
    let to = quoted(&to.display().to_string());
    let key = if with_key {
        format!("  cp -p {data}/master.key {to}/\n")
    } else {
        "  (the master key stays behind: add --with-key for the line that copies it)\n".to_owned()
    };
    format!(
        "The rows are in PostgreSQL. Run these in their order; the house may go on serving.\n\n\
         \x20 mkdir -m 700 -p {to}\n\
         \x20 pg_dump --format=custom --no-owner --serializable-deferrable --file={to}/house.dump {database}\n\
         \x20 cp -a {data}/objects {to}/\n{key}\n\
         To restore, into an empty database and an empty data folder:\n\n\
         \x20 pg_restore --no-owner --exit-on-error --dbname={database} {to}/house.dump\n\
         \x20 mkdir -p {data} && cp -a {to}/objects {data}/\n\
         \x20 trunkshow restore --after-pg-restore --data {data} --database {database}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn a_shell_reads_the_procedure_as_it_is_meant() {
        let over = Overrides { database: Some("postgres://o'hara@db/house".into()), ..Overrides::default() };
        let config = Config::load(&over).expect("loads");
        let text = procedure(&config, Path::new("/copies/one two"), false);
        assert!(text.contains(r"--file='/copies/one two'/house.dump 'postgres://o'\''hara@db/house'"), "{text}");
        assert!(!text.contains("cp -p"), "{text}");
        assert!(procedure(&config, Path::new("x"), true).contains("cp -p 'data'/master.key 'x'/"), "{text}");
    }
}
