//! Publishing by WHIP (RFC 9725). The stream key is the whole right, as it is at the door for encoders.

use std::sync::Arc;

use super::ingest::Doorkeeper;
use crate::ports::{Answered, Ingest, OfferProblem, PublishRefusal, Trickled};
use crate::{App, Code, Problem};

/// Answers an offer whose sender shows a stream key.
pub async fn publish(app: &Arc<App>, stream_key: &str, offer: &str) -> Result<Answered, Problem> {
    let grant = Doorkeeper(Arc::clone(app)).authorise(stream_key).await.map_err(refused)?;
    app.ports.whip.publish(grant, offer).await.map_err(|problem| {
        let said = problem.to_string();
        let code = match problem {
            OfferProblem::Publish(refusal) => return refused(refusal),
            OfferProblem::NotReadable(_) => Code::OfferNotReadable,
            OfferProblem::NoPicture(_) => Code::PictureNotOffered,
            OfferProblem::VideoCodec(_) => Code::PictureCodecNotTaken,
            OfferProblem::AudioCodec(_) => Code::SoundCodecNotTaken,
            OfferProblem::SeveralPictures(_) => Code::SeveralPicturesOffered,
        };
        Problem::from(code).with("reason", said)
    })
}

/// Takes further candidates of a session.
pub async fn trickle(app: &App, session: &str, fragment: &str) -> Result<(), Problem> {
    match app.ports.whip.trickle(session, fragment).await {
        Trickled::Taken => Ok(()),
        Trickled::Restart => Err(Code::RestartNotTaken.into()),
        Trickled::NotHere => Err(Code::NotFound.into()),
    }
}

/// Ends a session. The show goes on without it.
pub async fn leave(app: &App, session: &str) -> Result<(), Problem> {
    if app.ports.whip.leave(session).await { Ok(()) } else { Err(Code::NotFound.into()) }
}

fn refused(refusal: PublishRefusal) -> Problem {
    match refusal {
        PublishRefusal::UnknownKey => Code::StreamKeyUnknown.into(),
        PublishRefusal::ShowEnded => Code::ShowHasEnded.into(),
        PublishRefusal::AlreadyPublishing => Problem::from(Code::AlreadyPublishing).retry_after(2),
        PublishRefusal::Unavailable => Problem::from(Code::Busy).retry_after(2),
    }
}
