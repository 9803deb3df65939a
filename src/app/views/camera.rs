//! Where the picture is looked at from.
