//! Gravatar.
