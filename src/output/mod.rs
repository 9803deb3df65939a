//! What leaves the program: labelled tables, the summary, figures, and the colours they share with the window.

pub mod palette;
