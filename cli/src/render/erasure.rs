//! What erasing somebody takes away.

use super::Page;
use crate::{figures::counted, output::harmless, wire};

/// Everything that would go, by name where it has one.
pub(crate) fn erase_plan(page: Page<'_>, plan: &wire::ErasePlan) -> String {
    let paint = page.output.paint;
    let mut text = vec![paint.bold("Erasing takes away, for good:")];
    text.push(format!(
        "  {}  {}",
        counted(plan.profiles.len() as u64, "profile"),
        paint.dim(plan.profiles.join(", "))
    ));
    text.push(format!("  {}", counted(plan.contacts.len() as u64, "contact")));
    text.extend(plan.contacts.iter().map(|contact| format!("    {}", harmless(contact))));
    let rows = [
        (plan.claims, "claim", "about them"),
        (plan.messages, "message", "of theirs and to them"),
        (plan.events, "other entry", "of their timeline"),
        (plan.conversations.len() as u64, "conversation", "as a whole"),
    ];
    let rows = rows.iter().filter(|(number, ..)| *number > 0);
    text.extend(rows.map(|(number, word, what)| format!("  {} {what}", counted(*number, word))));
    if !plan.conversations_shared.is_empty() {
        text.push(format!(
            "  their part of {}, which others took part in and which stay",
            counted(plan.conversations_shared.len() as u64, "conversation")
        ));
    }
    if !plan.merges.is_empty() {
        text.push(format!(
            "  {} of merges  {}",
            counted(plan.merges.len() as u64, "record"),
            paint.dim(plan.merges.join(", "))
        ));
    }
    text.push("What stays is a receipt without name or address, and a keyed mark by which later imports leave them out.".into());
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::render::testing::page;

    #[test]
    fn the_plan_names_exactly_what_goes() {
        let plan = json!({ "profile": "p_1", "profiles": ["p_1", "p_2"], "contacts": ["email:oskar@example.org", "user_id:u_1018"],
            "claims": 9, "messages": 4, "events": 1, "conversations": ["cv_1", "cv_2"], "conversations_shared": ["cv_3"], "merges": ["m_1"] });
        expect![[r#"
            Erasing takes away, for good:
              2 profiles  p_1, p_2
              2 contacts
                email:oskar@example.org
                user_id:u_1018
              9 claims about them
              4 messages of theirs and to them
              1 other entry of their timeline
              2 conversations as a whole
              their part of 1 conversation, which others took part in and which stay
              1 record of merges  m_1
            What stays is a receipt without name or address, and a keyed mark by which later imports leave them out."#]].assert_eq(&erase_plan(page(), &serde_json::from_value(plan).unwrap()));
    }
}
