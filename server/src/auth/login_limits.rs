//! How often somebody may try a password: counted in memory, per account, per address, and both.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use whom_core::model::Timestamp;

use crate::config::LoginLimits;

/// The most counters that are kept; beyond it the oldest windows are dropped first.
const MOST: usize = 100_000;

/// Wrong passwords of late.
#[derive(Debug, Default)]
pub(crate) struct LoginAttempts(Mutex<HashMap<Counter, Window>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Counter {
    AccountAndAddress(String, Option<IpAddr>),
    Address(Option<IpAddr>),
    Account(String),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    began: Timestamp,
    wrong: u32,
}

impl LoginAttempts {
    /// Counts a try before the password is looked at; says after how many seconds to come again when there were too many.
    ///
    /// Counting first means that tries at the same moment cannot slip through together.
    pub(crate) fn begin(
        &self,
        limits: &LoginLimits,
        account: &str,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), u64> {
        let window = limits.window.as_millis() as i64;
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MOST {
            counters.retain(|_, counted| now.as_millis() - counted.began.as_millis() < window);
            if counters.len() >= MOST {
                counters.clear();
            }
        }
        let mut wait = 0;
        for (counter, limit) in Self::counters(limits, account, address) {
            let counted = counters.entry(counter).or_insert(Window { began: now, wrong: 0 });
            let age = now.as_millis() - counted.began.as_millis();
            if age >= window {
                *counted = Window { began: now, wrong: 0 };
            } else if counted.wrong >= limit {
                wait = wait.max((window - age).div_euclid(1000) + 1);
            }
            counted.wrong = counted.wrong.saturating_add(1);
        }
        if wait > 0 { Err(wait.unsigned_abs()) } else { Ok(()) }
    }

    /// Takes the count back for whoever knew the password; others at the same address keep theirs.
    pub(crate) fn was_right(&self, limits: &LoginLimits, account: &str, address: Option<IpAddr>) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (counter, _) in Self::counters(limits, account, address) {
            match &counter {
                Counter::AccountAndAddress(..) => {
                    counters.remove(&counter);
                }
                _ => {
                    if let Some(counted) = counters.get_mut(&counter) {
                        counted.wrong = counted.wrong.saturating_sub(1);
                    }
                }
            }
        }
    }

    fn counters(limits: &LoginLimits, account: &str, address: Option<IpAddr>) -> [(Counter, u32); 3] {
        let address = address.map(house);
        [
            (Counter::AccountAndAddress(account.into(), address), limits.per_account_and_address),
            (Counter::Address(address), limits.per_address),
            (Counter::Account(account.into()), limits.per_account),
        ]
    }
}

/// The address by which somebody is counted: whoever has one of IPv6 usually has 2^64 of them.
fn house(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn ten_wrong_passwords_are_enough_for_a_quarter_of_an_hour() {
        let limits = Config::default().login_limits;
        let attempts = LoginAttempts::default();
        let (here, there) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        for second in 0..10 {
            assert_eq!(attempts.begin(&limits, "ana", here, at(second)), Ok(()));
        }
        assert_eq!(attempts.begin(&limits, "ana", here, at(10)), Err(891));
        assert_eq!(
            attempts.begin(&limits, "ana", there, at(10)),
            Ok(()),
            "another address has its own count"
        );
        assert_eq!(attempts.begin(&limits, "ben", here, at(10)), Ok(()), "another account has its own count");
        assert_eq!(attempts.begin(&limits, "ana", here, at(900)), Ok(()));
    }

    #[test]
    fn one_house_has_one_count_however_many_addresses_it_has() {
        let limits = LoginLimits { per_address: 3, ..Config::default().login_limits };
        let attempts = LoginAttempts::default();
        let tries = |address: &str, who: &str| {
            attempts.begin(&limits, who, address.parse().ok(), Timestamp::default()).is_ok()
        };
        assert!(
            tries("2001:db8:1:2::1", "a") && tries("2001:db8:1:2::2", "b") && tries("2001:db8:1:2:3::", "c")
        );
        assert!(!tries("2001:db8:1:2:ffff::9", "d"));
        assert!(tries("2001:db8:1:3::1", "e") && tries("192.0.2.1", "f"));
        assert!(tries("192.0.2.1", "g") && tries("::ffff:192.0.2.1", "h") && !tries("::ffff:192.0.2.1", "i"));
    }

    #[test]
    fn the_right_password_clears_the_count() {
        let limits = Config::default().login_limits;
        let attempts = LoginAttempts::default();
        for _ in 0..100 {
            assert_eq!(attempts.begin(&limits, "ana", None, Timestamp::default()), Ok(()));
            attempts.was_right(&limits, "ana", None);
        }
    }
}
