//! Products: what buyers see of them, and how staff change them.

pub mod card;
mod edit;
mod list;
mod office;
mod prices;
mod quick_list;
mod save;
mod view;

pub use card::{Card, Free, LOW, Picture, Reader, card_of, cards};
pub use edit::{create, set_status, set_stock, update};
pub use list::{Browse, Page, list};
pub(crate) use office::present;
pub use office::{OfficePage, ProductEdit, edit, list as office_list};
pub(crate) use prices::listed;
pub use prices::{history, reprice_product, set_prices};
pub use quick_list::{Piece, quick_list};
pub(crate) use save::price_changes;
pub use view::{VariantView, View, view, views};
