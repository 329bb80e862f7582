//! A viewer chooses the name under which they chat.

use room::{ChatName, NameRefused};

use crate::{Actor, App, Code, Problem};

/// # Errors
/// `viewer_needed`, or `invalid` with what is wrong about `name`.
pub async fn choose(app: &App, actor: &Actor, name: &str) -> Result<String, Problem> {
    let viewer = actor.viewer.ok_or(Code::ViewerNeeded)?;
    let name = ChatName::parse(name).map_err(|refused| {
        let code = match refused {
            NameRefused::Empty => "missing",
            NameRefused::TooLong => "too_long",
            NameRefused::Reserved => "reserved",
        };
        Problem::field("name", code)
    })?;
    app.ports.chat_names.set_chat_name(viewer, name.as_str()).await?;
    let chosen = name.as_str().to_owned();
    app.rooms.rename(viewer, name);
    Ok(chosen)
}
