//! What others cost for the same deliveries: node's ws, socket.io and Bun from npm, Redis from Debian, all in the cache; and
//! Centrifugo and Sockudo where they are on PATH.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::programs::{Programs, progress};
use super::room::{HOUSE_CORE, LOAD_CORE, pinned};
use crate::postgres::free_port;
use crate::scratch::Scratch;
use crate::shell::{Doing, Outcome, cache, capture, command, fail, root, run_or, stop, which};

const READY_WITHIN: Duration = Duration::from_secs(30);

/// Another server, stopped when dropped.
struct Server {
    child: Child,
    port: u16,
    protocol: &'static str,
    path: &'static str,
    /// Holds its settings.
    _folder: Option<Scratch>,
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child, "TERM", Duration::from_secs(5));
    }
}

/// Whom a room is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    Ws,
    SocketIo,
    Bun,
    Redis,
    Centrifugo,
    Sockudo,
}

/// How it is driven.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drive {
    pub(super) subscribers: &'static str,
    pub(super) seconds: &'static str,
    /// Publishers that wait for their own message; at a fixed rate if none.
    pub(super) in_flight: Option<&'static str>,
}

impl Peer {
    /// Deliveries for each second of its CPU.
    pub(super) fn deliveries(self, programs: &Programs, drive: Drive) -> Outcome<f64> {
        progress(&format!("{self:?}, {} subscribers", drive.subscribers));
        let server = self.start()?;
        let (host, pid) = (format!("127.0.0.1:{}", server.port), server.child.id().to_string());
        let mut load = pinned(LOAD_CORE, &programs.load);
        load.args(["peer", "--host", &host, "--pid", &pid, "--protocol", server.protocol, "--path", server.path]);
        load.args(["--subscribers", drive.subscribers, "--seconds", drive.seconds]);
        if let Some(in_flight) = drive.in_flight {
            load.args(["--in-flight", in_flight]);
        }
        let figures: Value = serde_json::from_str(&capture(&mut load)?).doing("read what trunkshow-load printed")?;
        eprintln!("   {figures}");
        let got = figures["deliveries_per_cpu_second"].as_f64().filter(|got| *got > 0.0);
        got.map_or_else(|| fail(format!("{self:?} delivered nothing"), ""), Ok)
    }

    fn start(self) -> Outcome<Server> {
        let port = free_port()?;
        let number = port.to_string();
        let script = |file: &str| root().join("xtask/peers").join(file);
        match self {
            Self::Ws => Server::script(pinned(HOUSE_CORE, "node"), &script("ws.mjs"), port, "ws", "/"),
            Self::SocketIo => {
                let path = "/socket.io/?EIO=4&transport=websocket";
                Server::script(pinned(HOUSE_CORE, "node"), &script("socket-io.mjs"), port, "socket-io", path)
            }
            Self::Bun => {
                let bun = packages()?.join("node_modules/.bin/bun");
                Server::script(pinned(HOUSE_CORE, bun), &script("bun.mjs"), port, "ws", "/")
            }
            Self::Redis => {
                let mut redis = redis()?;
                redis.args(["--port", &number, "--bind", "127.0.0.1", "--save", "", "--maxclients", "16000"]);
                redis.args(["--client-output-buffer-limit", "pubsub 0 0 0"]);
                Server::listening(redis, port, "redis", "/", None)
            }
            Self::Centrifugo => {
                let program = on_path("centrifugo")?;
                let folder = Scratch::new("centrifugo")?;
                let settings = serde_json::json!({
                    "http_server": { "port": number, "address": "127.0.0.1" },
                    "client": { "insecure": true },
                    "channel": { "without_namespace": {
                        "allow_subscribe_for_client": true, "allow_publish_for_client": true,
                        "allow_subscribe_for_anonymous": true, "allow_publish_for_anonymous": true,
                    } },
                });
                let file = folder.path().join("config.json");
                fs::write(&file, settings.to_string()).doing("write Centrifugo's settings")?;
                let mut centrifugo = pinned(HOUSE_CORE, program);
                centrifugo.arg("--config").arg(file);
                Server::listening(centrifugo, port, "centrifugo", "/connection/websocket", Some(folder))
            }
            Self::Sockudo => {
                let mut sockudo = pinned(HOUSE_CORE, on_path("sockudo")?);
                let settings = [
                    ("PORT", number.as_str()),
                    ("HOST", "127.0.0.1"),
                    ("SOCKUDO_DEFAULT_APP_ID", "app"),
                    ("SOCKUDO_DEFAULT_APP_KEY", "key"),
                    ("SOCKUDO_DEFAULT_APP_SECRET", "secret"),
                    ("SOCKUDO_DEFAULT_APP_ENABLED", "true"),
                    ("SOCKUDO_DEFAULT_APP_MAX_CONNECTIONS", "20000"),
                    ("SOCKUDO_ENABLE_CLIENT_MESSAGES", "true"),
                ];
                sockudo.envs(settings);
                Server::listening(sockudo, port, "pusher", "/app/key?protocol=7", None)
            }
        }
    }
}

impl Server {
    /// A script that is given its port and says that it is ready.
    fn script(
        mut program: Command,
        script: &std::path::Path,
        port: u16,
        protocol: &'static str,
        path: &'static str,
    ) -> Outcome<Self> {
        // A script finds its packages beside itself.
        let beside = packages()?.join(script.file_name().unwrap_or_default());
        fs::copy(script, &beside).doing("copy a script into the cache")?;
        program.arg(&beside).arg(port.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = program.spawn().doing("start a server to compare with")?;
        let Some(stdout) = child.stdout.take() else { return fail("the server has no standard output", "") };
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line).doing("wait for a server to compare with");
        let server = Server { child, port, protocol, path, _folder: None };
        read?;
        if line.trim() == "ready" {
            Ok(server)
        } else {
            fail(format!("{} is not ready", script.display()), "read its errors above")
        }
    }

    /// A program that is ready when it takes connections.
    fn listening(
        mut program: Command,
        port: u16,
        protocol: &'static str,
        path: &'static str,
        folder: Option<Scratch>,
    ) -> Outcome<Self> {
        let child =
            program.stdin(Stdio::null()).stdout(Stdio::null()).spawn().doing("start a server to compare with")?;
        let server = Server { child, port, protocol, path, _folder: folder };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if began.elapsed() > READY_WITHIN {
                return fail("a server to compare with does not listen", "start it by hand and read what it says");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

fn on_path(program: &str) -> Outcome<PathBuf> {
    which(program).map_or_else(
        || fail(format!("{program} is not on PATH"), "install it by hand to compare; it is in no package registry"),
        Ok,
    )
}

/// A folder of the cache with ws, socket.io and Bun.
fn packages() -> Outcome<PathBuf> {
    let folder = cache()?.join("bench/room-peers");
    let wanted = ["ws@8", "socket.io@4", "bun@1"];
    if folder.join("node_modules/.bin/bun").is_file() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).doing("make a folder for packages to compare with")?;
    fs::write(folder.join("package.json"), "{\"private\":true}").doing("write package.json")?;
    let mut npm = command("npm", &["install", "--no-fund", "--no-audit"]);
    npm.args(wanted).current_dir(&folder).stdout(std::io::stderr());
    run_or(&mut npm, "check that npm reaches its registry")?;
    Ok(folder)
}

/// Redis, unpacked from Debian's packages into the cache with its libraries: nothing is installed or started for good.
fn redis() -> Outcome<Command> {
    if let Some(redis) = which("redis-server") {
        return Ok(pinned(HOUSE_CORE, redis));
    }
    let unpacked = cache()?.join("bench/redis");
    let server = unpacked.join("usr/bin/redis-server");
    if !server.exists() {
        if which("apt-get").is_none() || which("dpkg").is_none() {
            return fail("Redis comes from Debian's packages, and apt-get is not here", "compare on Debian");
        }
        let downloads = Scratch::new("redis")?;
        let mut download =
            command("apt-get", &["-q", "download", "redis-server", "redis-tools", "libjemalloc2", "liblzf1"]);
        run_or(download.current_dir(downloads.path()).stdout(Stdio::null()), "run `apt-get update` first")?;
        for package in fs::read_dir(downloads.path()).doing("look at the packages")?.flatten() {
            run_or(command("dpkg", &["-x"]).arg(package.path()).arg(&unpacked), "remove the cache and try again")?;
        }
    }
    let mut redis = pinned(HOUSE_CORE, server);
    redis.env("LD_LIBRARY_PATH", unpacked.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH)));
    Ok(redis)
}
