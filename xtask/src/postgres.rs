//! A PostgreSQL of our own for the store's tests: made in a temporary folder, stopped when dropped.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::debian::is_root;
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, fail, which};

/// The variable by which the store's tests learn of the server.
pub(crate) const VARIABLE: &str = "TRUNKSHOW_TEST_POSTGRES";

/// How long the server may take to answer; it needs about a second.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    folder: Scratch,
    port: u16,
}

/// The folder with `initdb` and `postgres`: Debian keeps them off PATH, by major version.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, bin)| bin).or_else(|| which("initdb")?.parent().map(Path::to_owned))
}

/// What the server's disk promises.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Disk<'a> {
    /// Nothing: what a crash of a test's server would lose is thrown away in a minute. Durability is proven on SQLite
    /// and by kill -9.
    Careless,
    /// Every commit is on the disk.
    Durable,
    /// The same, with this library loaded before the C library.
    Slow(&'a Path),
}

/// A server for tests.
pub(crate) fn start() -> Outcome<Server> {
    start_with(Disk::Careless)
}

/// Starts a server on a free loopback port. As root it runs under the account `postgres`, since it refuses root.
pub(crate) fn start_with(disk: Disk<'_>) -> Outcome<Server> {
    let Some(bin) = programs() else { return fail("initdb is not here", "install the package postgresql") };
    let account = if is_root() { Some(account("postgres")?) } else { None };
    let scratch = Scratch::new("postgres")?;
    let folder = scratch.path();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).doing("close the folder to others")?;
    if let Some((uid, gid)) = account {
        chown(folder, Some(uid), Some(gid)).doing("hand the folder to postgres")?;
    }
    let program = |name: &str| {
        let mut command = Command::new(bin.join(name));
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
        if let Some((uid, gid)) = account {
            command.uid(uid).gid(gid);
        }
        command
    };
    let data = folder.join("data");
    let mut initdb = program("initdb");
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]).arg(&data);
    crate::shell::run(&mut initdb)?;

    let port = free_port()?;
    let log = fs::File::create(folder.join("log")).doing("create the server's log")?;
    let mut postgres = program("postgres");
    match disk {
        Disk::Careless => {
            postgres.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        Disk::Durable => {}
        Disk::Slow(library) => {
            postgres.env("LD_PRELOAD", library);
        }
    }
    let child = postgres
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"])
        .arg(folder)
        .args(["-c", "max_connections=400", "-c", "shared_buffers=64MB"])
        .stderr(log)
        .spawn()
        .doing("start postgres")?;
    let mut server = Server { child, folder: scratch, port };
    server.wait(&bin)?;
    Ok(server)
}

impl Server {
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, bin: &Path) -> Outcome {
        let mut waited = Duration::ZERO;
        while waited < PATIENCE {
            if let Some(status) = self.child.try_wait().doing("look at postgres")? {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                return fail(format!("postgres ended with {status}:\n{log}"), "the log above says why");
            }
            let args = ["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()];
            let ready = Command::new(bin.join("pg_isready")).args(args).stdin(Stdio::null()).status();
            if ready.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            sleep(LOOK_EVERY);
            waited += LOOK_EVERY;
        }
        fail("postgres did not answer within a minute", format!("read {}", self.folder.path().join("log").display()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        crate::shell::stop(&mut self.child, "INT", Duration::from_secs(10));
    }
}

/// A loopback port that nobody listens on now.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").doing("find a free port")?;
    Ok(listener.local_addr().doing("find a free port")?.port())
}

fn account(name: &str) -> Outcome<(u32, u32)> {
    let accounts = fs::read_to_string("/etc/passwd").doing("read /etc/passwd")?;
    let ids = accounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        (fields.first() == Some(&name)).then(|| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?)))?
    });
    match ids {
        Some(ids) => Ok(ids),
        None => fail(format!("there is no account `{name}`"), "install the package postgresql, which makes it"),
    }
}
