//! The folder of sent messages: a demo's mailbox.

use kernel::EntryId;

use crate::access::{self, Act, Place};
use crate::ports::{About, SentMessage};
use crate::{Actor, App, Code, Problem};

/// What went into the folder, newest first; a house that sends mail for real has none. An invitation makes whoever
/// opens it staff, so only those see it who could have given that role.
pub async fn list(app: &App, actor: &Actor, after: Option<EntryId>, limit: u32) -> Result<Vec<SentMessage>, Problem> {
    access::require(actor, Act::ManageHouse, Place::HOUSE)?;
    let folder = app.messages.sent.as_ref().ok_or(Code::NotFound)?;
    let mut found = folder.sent(after, limit).await?;
    if !access::may(actor, Act::ManagePeople, Place::HOUSE) {
        for sent in found.iter_mut().filter(|sent| sent.message.about == About::Invitation) {
            sent.message.text = String::new();
            sent.message.html = None;
        }
    }
    Ok(found)
}
