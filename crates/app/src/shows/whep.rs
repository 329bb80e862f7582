//! Watching by WHEP (draft-ietf-wish-whep). The programme's address is the whole right, as it is for HLS.

use kernel::ProgrammeId;

use crate::ports::{Answered, NotWatched};
use crate::{App, Code, Problem};

/// Answers an offer to watch.
pub async fn watch(app: &App, programme: ProgrammeId, offer: &str) -> Result<Answered, Problem> {
    app.ports.whep.watch(programme, offer).await.map_err(|refusal| {
        let said = refusal.to_string();
        let code = match refusal {
            NotWatched::NotHere => return Code::NotFound.into(),
            NotWatched::Full => return Problem::from(Code::Busy).retry_after(10),
            NotWatched::NotInOrder => Code::PictureNotInOrder,
            NotWatched::NotReadable(_) => Code::OfferNotReadable,
            NotWatched::NotShown(_) => Code::PictureNotShown,
        };
        Problem::from(code).with("reason", said)
    })
}
