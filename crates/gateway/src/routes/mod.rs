//! One file per thing that the API speaks of. A handler reads the request, calls one use case and writes the answer.

pub(crate) mod air;
pub(crate) mod me;
pub(crate) mod room;
pub(crate) mod sessions;
pub(crate) mod shows;
pub(crate) mod status;
pub(crate) mod studio;
