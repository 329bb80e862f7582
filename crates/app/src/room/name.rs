//! A viewer chooses the name under which they chat.

use room::{ChatName, NameRefused, plain};

use crate::{Actor, App, Code, Problem, house};

/// Whether it is the name of the house, of a brand or of somebody of the staff, however it is written.
async fn is_taken(app: &App, name: &str) -> Result<bool, Problem> {
    let wanted = plain(name);
    let house = house::get(app).await?.name;
    let brands = app.ports.catalogue.brands().await?.into_iter().map(|brand| brand.name);
    let staff = app.ports.people.staff().await?.into_iter().map(|person| person.name);
    Ok(std::iter::once(house).chain(brands).chain(staff).any(|own| plain(&own) == wanted))
}

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
    if !actor.is_staff() && is_taken(app, name.as_str()).await? {
        return Err(Problem::field("name", "reserved"));
    }
    app.ports.chat_names.set_chat_name(viewer, name.as_str()).await?;
    let chosen = name.as_str().to_owned();
    app.rooms.rename(viewer, name);
    Ok(chosen)
}
