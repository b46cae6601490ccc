//! Customer profiles.
