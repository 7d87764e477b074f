//! Faults: they read their own clocks and change the physical world. They never see an API object.

pub mod aims;
pub mod clocks;
pub mod containers;
pub mod shocks;
pub mod stationary;
