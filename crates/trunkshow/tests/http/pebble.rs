//! An ACME authority on this machine: Let's Encrypt's own `pebble`. `cargo xtask test` brings the program.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use app::ports::Clock;
use links::certificates::{HouseAuthority, Shown, Source};
use reqwest::{Certificate, Client};
use serde_json::json;
use trunkshow::clock::SystemClock;

/// Names the program.
const VARIABLE: &str = "TRUNKSHOW_TEST_PEBBLE";

/// The authority while it runs.
#[derive(Debug)]
pub struct Pebble {
    child: Child,
    folder: PathBuf,
    port: u16,
    management: u16,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn free() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("its address").port()
}

impl Pebble {
    /// Looks at this port of a name for whether it is the asker's. None, and said so, where nobody named the program.
    #[expect(clippy::disallowed_methods, reason = "which servers tests may use is the machine's business")]
    pub async fn start(folder: &Path, tls_port: u16) -> Option<Self> {
        let Ok(program) = std::env::var(VARIABLE) else {
            let _shown = writeln!(std::io::stderr(), "{VARIABLE} is not set: the ACME half was left out");
            return None;
        };
        let own = HouseAuthority::new(folder.to_owned(), || vec!["localhost".into(), "127.0.0.1".into()]);
        Source::House(own).round(SystemClock.now(), &Shown::default()).await.expect("a certificate for its own site");
        let (certificate, key) = HouseAuthority::leaf(folder);
        let (port, management) = (free(), free());
        let config = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"), "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": certificate, "privateKey": key, "httpPort": 1, "tlsPort": tls_port,
        }});
        let file = folder.join("pebble.json");
        std::fs::write(&file, config.to_string()).expect("written");
        // It would sleep between its looks, and refuse some good nonces, to teach patience.
        let child = Command::new(program)
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .arg("-config")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program that the variable names");
        let pebble = Self { child, folder: folder.to_owned(), port, management };
        for _ in 0..1_500 {
            if tokio::net::TcpStream::connect(("127.0.0.1", management)).await.is_ok() {
                return Some(pebble);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("pebble does not answer on port {port}");
    }

    pub fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// What signs its own site.
    pub fn root(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// A browser that trusts what it gives.
    pub async fn browser(&self) -> Client {
        let own = Certificate::from_pem(&std::fs::read(self.root()).expect("a root")).expect("a certificate");
        let asking = Client::builder().tls_certs_only([own]).build().expect("a client");
        let root = asking.get(format!("https://localhost:{}/roots/0", self.management)).send().await.expect("its root");
        let root = Certificate::from_pem(&root.bytes().await.expect("a root")).expect("a certificate");
        Client::builder().tls_certs_only([root]).build().expect("a client")
    }
}
