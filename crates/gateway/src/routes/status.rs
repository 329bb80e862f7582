//! For whoever keeps the house running.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::Gateway;

/// The process answers.
pub(crate) async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The process can serve: its store answers, and it is not on its way out.
pub(crate) async fn ready(State(gateway): State<Gateway>) -> StatusCode {
    if gateway.app.rooms.is_draining() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match gateway.app.ports.people.any_owner().await {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
