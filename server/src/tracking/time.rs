//! When something happened, by a clock that may be wrong.

use whom_core::model::Timestamp;

use super::{message::Tracked, notes::Note};

/// When a message happened.
///
/// A device's clock may be off by years, but it is off by as much when the message is sent: so the time
/// between happening and sending is taken back from when it was received. Without a time of sending the
/// time is taken as it is, which is how history is brought in. Nothing happens in the future.
pub(super) fn happened(message: &Tracked, received: Timestamp, notes: &mut Vec<Note>) -> Timestamp {
    let mut read = |name: &str| {
        message.moment(name).unwrap_or_else(|()| {
            let words = format!("`{name}` is no moment; the time of receiving was taken");
            notes.push(Note::new("invalid_timestamp", words).about(message.text("messageId").as_deref()));
            None
        })
    };
    let original = match read("originalTimestamp") {
        Some(original) => Some(original),
        None => read("timestamp"),
    };
    let at = match (original, read("sentAt")) {
        (None, _) => received,
        (Some(original), None) => original,
        (Some(original), Some(sent)) => {
            let waited = sent.as_millis().saturating_sub(original.as_millis());
            // Sent before it happened: two clocks wrote it, and neither tells how far it is off.
            if waited < 0 { original } else { Timestamp::from_millis(received.as_millis() - waited) }
        }
    };
    at.min(received)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(fields: Value, expected: &str) {
        let Value::Object(fields) = fields else { panic!() };
        let received = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        let at = happened(&Tracked::new(None, fields, None), received, &mut Vec::new());
        assert_eq!(at.to_string(), expected);
    }

    #[test]
    fn a_clock_that_is_years_off_is_set_right() {
        let fields = json!({ "timestamp": "2019-01-01T00:00:00Z", "sentAt": "2019-01-01T00:00:10Z" });
        check(fields, "2026-03-01T11:59:50Z");
        let fields = json!({ "originalTimestamp": "2031-01-01T00:00:00Z", "sentAt": "2031-01-01T00:01:00Z" });
        check(fields, "2026-03-01T11:59:00Z");
    }

    #[test]
    fn history_keeps_its_time_and_nothing_happens_in_the_future() {
        check(json!({ "timestamp": "2020-02-02T00:00:00" }), "2020-02-02T00:00:00Z");
        check(json!({ "timestamp": "2030-02-02T00:00:00Z" }), "2026-03-01T12:00:00Z");
        check(json!({ "timestamp": null }), "2026-03-01T12:00:00Z");
        check(json!({ "timestamp": "soon" }), "2026-03-01T12:00:00Z");
    }
}
