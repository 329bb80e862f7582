//! Confirming a payment: the browser's way back, the provider's webhook and the job after a crash all come here.

use kernel::OrderId;
use shop::order::Order;

use super::orders::visible;
use crate::{Actor, App, Problem};

/// Brings the order's payment as far as it can go now, for who may see the order.
pub async fn confirm(app: &App, actor: &Actor, order: OrderId, key: Option<&str>) -> Result<Order, Problem> {
    visible(app, actor, order, key).await?;
    app.till.desk.complete(order).await
}
