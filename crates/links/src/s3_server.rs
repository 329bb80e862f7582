//! A store that speaks S3, on this machine: `s3s-fs` over a folder. For tests; `cargo xtask test` brings the program.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Names the program.
const VARIABLE: &str = "TRUNKSHOW_TEST_S3";
const BUCKET: &str = "house";
const KEY: &str = "testkey";
/// How often it is asked whether it answers, and how long that takes at most.
const ASK_EVERY: Duration = Duration::from_millis(20);
const ASKED: u32 = 1_500;

/// The server while it runs.
#[derive(Debug)]
pub struct S3Server {
    child: Child,
    port: u16,
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended = self.child.wait();
    }
}

impl S3Server {
    pub const SECRET: &str = "testsecret";

    /// Serves a bucket in this folder; none, and said so, where nobody named the program.
    ///
    /// # Panics
    /// When the program does not start or does not answer.
    #[expect(clippy::disallowed_methods, reason = "which servers tests may use is the machine's business")]
    pub async fn start(folder: &Path) -> Option<Self> {
        let Ok(program) = std::env::var(VARIABLE) else {
            let _shown = writeln!(std::io::stderr(), "{VARIABLE} is not set: the S3 half was left out");
            return None;
        };
        std::fs::create_dir_all(folder.join(BUCKET)).expect("a bucket");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let child = Command::new(program)
            .args(["--host", "127.0.0.1", "--access-key", KEY, "--secret-key", Self::SECRET, "--port"])
            .arg(port.to_string())
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program that the variable names");
        let server = Self { child, port };
        for _ in 0..ASKED {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(server);
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        panic!("the S3 server does not answer on port {port}");
    }

    /// What a house's setting `objects` would say, for a folder of the bucket.
    #[must_use]
    pub fn address(&self, folder: &str) -> String {
        let (port, secret) = (self.port, Self::SECRET);
        format!("s3://{KEY}:{secret}@{BUCKET}/{folder}?endpoint=http://127.0.0.1:{port}&region=us-east-1")
    }
}
