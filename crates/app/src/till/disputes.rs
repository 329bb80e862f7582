//! Disputes as staff see them.

use crate::access::{Act, Place, require};
use crate::ports::DisputeRow;
use crate::{Actor, App, Problem};

/// The list ends here; a shop with more open disputes has another problem.
const LISTED: u32 = 200;

/// Disputes with their orders' numbers, those that wait for an answer first. The bank takes from the whole house's account, so
/// who sees them sees the whole house's orders.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<(DisputeRow, String)>, Problem> {
    require(actor, Act::SeeOrders, Place::HOUSE)?;
    Ok(app.till.disputes.disputes(LISTED).await?)
}
