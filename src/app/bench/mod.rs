//! What drawing costs: a frame with three linked views without a window, and a real window from its opening on. The command `bench` asks.

pub mod render;
pub mod window;
