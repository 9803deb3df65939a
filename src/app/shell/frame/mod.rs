//! What stands around the views: the bar on top, banners, notices, palette, help, and how the whole is laid out.

pub(super) mod banner;
pub(super) mod everyone;
pub mod help;
pub(super) mod hints;
pub mod icon;
pub(super) mod layout;
pub mod notices;
pub(super) mod pages;
pub mod palette;
pub(super) mod present;
pub(super) mod report;
pub(super) mod top;
pub(super) mod window;
