//! The goods. Each function builds one thing, standing on the floor, its front toward +z.

pub mod bags;
pub mod beauty;
pub mod belts;
pub mod eyewear;
pub mod form;
pub mod garments;
pub mod hats;
pub mod jewels;
pub mod mark;
pub mod shoes;
pub mod silks;
pub mod watches;
pub mod wigs;
