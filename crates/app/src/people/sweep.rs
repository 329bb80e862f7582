//! Sessions, links, codes and invitations that open nothing any more are not kept.

use kernel::Millis;

use crate::{App, Problem};

/// For so long after its end an invitation still tells the trail who was invited.
const NAMED: Millis = Millis::from_days(30);
/// Rows of one kind that are deleted in one commit, so that nobody waits long for the writer.
const AT_ONCE: u32 = 1_000;
/// Commits of one sweep; what is left then, the next sweep deletes.
const COMMITS: u32 = 100;

/// Deletes what is over.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    let now = app.now();
    for _ in 0..COMMITS {
        if app.ports.people.sweep_doors(now, now - NAMED, AT_ONCE).await? == 0 {
            break;
        }
    }
    Ok(())
}
