//! Which points lie under the pointer or inside an outline.
