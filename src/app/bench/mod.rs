//! What drawing costs: a frame with three linked views without a window, the map over the plane, and a real window from its opening on. The
//! command `bench` asks.

pub mod map;
pub mod render;
pub mod window;
