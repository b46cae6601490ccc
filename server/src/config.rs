//! What is decided when the server starts, and stays so until it stops.
//!
//! What an admin changes while it runs stands in [`crate::settings`].

use std::{net::IpAddr, time::Duration};

use crate::outbound::OutboxTerms;

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address under which people reach it, such as `https://whom.example.org`; none on a machine of one's own.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; nobody's by default.
    pub trusted_proxies: Vec<IpAddr>,
    /// What a request may cost.
    pub limits: Limits,
    /// How long somebody stays signed in.
    pub sessions: SessionTerms,
    /// How often somebody may try a password.
    pub login_limits: LoginLimits,
    /// How mail leaves.
    pub outbox: OutboxTerms,
    /// The folder in which pictures from elsewhere are kept for a while; without one a few are kept in memory.
    pub pictures: Option<std::path::PathBuf>,
}

/// What a request may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest body of a JSON request, in bytes, after unpacking.
    pub json_body: usize,
    /// The longest raw mail, in bytes.
    pub message: usize,
    /// How long a handler may take until its answer begins.
    pub time: Duration,
    /// How long one live stream lasts before the reader has to come again, which checks who it is.
    pub stream: Duration,
    /// What the tracking API takes.
    pub tracking: TrackingLimits,
}

/// What the tracking API takes.
#[derive(Clone, Copy, Debug)]
pub struct TrackingLimits {
    /// The longest single message, in bytes.
    pub message: usize,
    /// The longest batch, in bytes, after unpacking.
    pub batch: usize,
    /// The most messages of a batch.
    pub messages: usize,
    /// The most requests of one write key in a second; more are told to come again.
    pub requests_per_second: u32,
}

/// How long somebody stays signed in.
#[derive(Clone, Copy, Debug)]
pub struct SessionTerms {
    /// Without a visit.
    pub idle: Duration,
    /// In any case.
    pub at_most: Duration,
    /// How long a one-time login link works.
    pub login_link: Duration,
}

/// How often somebody may try a password within [`LoginLimits::window`].
#[derive(Clone, Copy, Debug)]
pub struct LoginLimits {
    /// Wrong passwords for one account from one address.
    pub per_account_and_address: u32,
    /// Wrong passwords from one address for any account.
    pub per_address: u32,
    /// Wrong passwords for one account from anywhere.
    pub per_account: u32,
    /// The time over which they are counted.
    pub window: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            limits: Limits::default(),
            sessions: SessionTerms {
                idle: Duration::from_secs(7 * 24 * 3600),
                at_most: Duration::from_secs(30 * 24 * 3600),
                login_link: Duration::from_secs(15 * 60),
            },
            login_limits: LoginLimits {
                per_account_and_address: 10,
                per_address: 50,
                per_account: 100,
                window: Duration::from_secs(15 * 60),
            },
            outbox: OutboxTerms::default(),
            pictures: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            json_body: 1 << 20,
            message: 50 << 20,
            time: Duration::from_secs(30),
            stream: Duration::from_secs(15 * 60),
            tracking: TrackingLimits {
                message: 32 * 1024,
                batch: 500 * 1024,
                messages: 2_500,
                requests_per_second: 1_000,
            },
        }
    }
}
