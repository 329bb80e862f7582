//! Mail and SMS: the transport that the settings name, and the jobs that deliver the till's events and send messages.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::messages::MessagePorts;
use app::{App, Problem, drops, messages, outbox};
use links::{MessageFolder, Smtp, SmtpError};
use store::Store;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// How often the jobs look.
const ROUND: Duration = Duration::from_millis(500);
/// The longest wait after rounds that failed; the wait doubles up to it.
const LONGEST: Duration = Duration::from_secs(60);

/// Mail goes to the server of the settings, or into a folder of the data folder where none is named.
pub fn wire(config: &Config, store: &Arc<Store>, data: &Path, public_url: &str) -> Result<MessagePorts, SmtpError> {
    let folder = MessageFolder::new(data.join("messages"));
    let (queue, public_url) = (store.clone(), public_url.to_owned());
    if config.smtp_url.is_empty() {
        let transport = Arc::new(folder);
        return Ok(MessagePorts { queue, sent: Some(transport.clone()), transport, public_url });
    }
    let transport = Arc::new(Smtp::new(&config.smtp_url, &config.mail_from, folder)?);
    Ok(MessagePorts { queue, transport, sent: None, public_url })
}

/// What goes on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// The till's events become letters and room news.
    Deliver,
    /// Messages go out.
    Send,
    /// Drops and claims go on: told, offered, ended.
    Drops,
}

impl Job {
    /// Does what waits now; how long until the next round.
    async fn round(self, app: &App) -> Result<Duration, Problem> {
        let (more, pace) = match self {
            Self::Deliver => (outbox::deliver(app).await? >= outbox::ROUND, Duration::ZERO),
            Self::Send => (messages::send::send_due(app).await? > 0, messages::send::PACE),
            Self::Drops => (drops::jobs::round(app).await? >= drops::jobs::ROUND, Duration::ZERO),
        };
        Ok(if more { pace } else { ROUND })
    }

    /// One round after the other until stopped: at once while more waits, later while rounds fail.
    pub async fn run(self, app: Arc<App>, stopping: CancellationToken) {
        let mut wait = ROUND;
        loop {
            tokio::select! {
                biased;
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
            wait = match self.round(&app).await {
                Ok(until_next) => until_next,
                Err(problem) => {
                    tracing::warn!(job = ?self, %problem, "tried again in a moment");
                    (wait.max(ROUND) * 2).min(LONGEST)
                }
            };
        }
    }
}
