//! One file per thing that the API speaks of. A handler reads the request, calls one use case and writes the answer.

pub(crate) mod air;
pub(crate) mod basket;
pub(crate) mod brands;
pub(crate) mod buyers;
pub(crate) mod checkouts;
pub(crate) mod floor;
pub(crate) mod health;
pub(crate) mod house;
pub(crate) mod imports;
pub(crate) mod me;
pub(crate) mod media;
pub(crate) mod messages;
pub(crate) mod office_orders;
pub(crate) mod office_products;
pub(crate) mod orders;
pub(crate) mod people;
pub(crate) mod problems;
pub(crate) mod products;
pub(crate) mod room;
pub(crate) mod sandbox;
pub(crate) mod sessions;
pub(crate) mod shipping;
pub(crate) mod shows;
pub(crate) mod status;
pub(crate) mod studio;
pub(crate) mod studio_show;
