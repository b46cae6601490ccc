//! Who looks after whom, what is known of customers and companies, and what is to be done.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{ANA, JONAS, Page, Team, change_whatever, day_from_now, days_ago, decisions::is_known};
use crate::{client::part, demo::OWNER, problem::Failure};

const HANNE: &str = "hanne.lindqvist@example.com";
const FRAUKE: &str = "f.petersen@nordlicht-reisen.example";
const ISLA: &str = "isla.mackenzie@brackenfold.example";
const TARIQ: &str = "tariq@calderedge.example";
const MARCUS: &str = "m.oyelaran@example.com";

#[derive(Deserialize)]
struct Noted {
    entry: String,
}

#[derive(Deserialize)]
struct Known {
    id: String,
}

/// Who looks after whom, what is known of them and of their companies.
pub(super) async fn look_after(team: &Team) -> Result<(), Failure> {
    for (who, login, since) in [
        (HANNE, OWNER, "2022-05-16T09:12:00Z"),
        (FRAUKE, OWNER, "2024-02-12T10:05:00Z"),
        (ISLA, JONAS, "2023-04-20T08:40:00Z"),
        (MARCUS, ANA, "2025-06-10T15:21:00Z"),
        (TARIQ, JONAS, "2026-11-20T16:00:00Z"),
    ] {
        let client = team.on(login, since)?;
        if is_known(&client, who).await? {
            let change = json!({ "looked_after_by": login });
            change_whatever(&client, &format!("/v1/profiles/{}", part(who)), &change).await?;
        }
    }
    let mia = team.on(OWNER, "2024-05-13T14:48:00Z")?;
    let text =
        "Writes in English although her shop is set to Swedish. Call after four: she guides in the mornings.";
    let path = format!("/v1/profiles/{}/notes", part(HANNE));
    let note = mia.post(&path, &json!({ "text": text })).await?.read::<Noted>()?;
    mia.post(&format!("{path}/{}/pin", note.entry), &json!({})).await?;

    for (name, domain) in [("nordlicht", "nordlicht-reisen.example"), ("brackenfold", "brackenfold.example")]
    {
        let jonas = team.on(JONAS, "2024-02-12T11:30:00Z")?;
        let path = format!("/v1/accounts?q={name}");
        let Some(account) = jonas.get(&path).await?.read::<Page<Known>>()?.items.pop() else { continue };
        let path = format!("/v1/accounts/{}", account.id);
        change_whatever(&jonas, &path, &json!({ "properties": { "domain": domain } })).await?;
        if name == "nordlicht" {
            agree(team, &format!("{path}/notes")).await?;
        }
    }
    let ana = team.on(ANA, "2025-07-02T12:10:00Z")?;
    let couple = json!({ "with": "priya.ashworth@example.net", "they_are": "wife" });
    ana.post("/v1/profiles/tom.ashworth@example.org/relationships", &couple).await?;
    Ok(())
}

/// What was agreed upon with a company.
async fn agree(team: &Team, path: &str) -> Result<(), Failure> {
    let mia = team.on(OWNER, "2024-02-19T09:00:00Z")?;
    let terms = "Framework contract since 2024, 14 tents for guests. Invoices go to Lena Vogt.";
    let note = mia.post(path, &json!({ "text": terms })).await?.read::<Known>()?;
    mia.post(&format!("{path}/{}/pin", note.id), &json!({})).await?;
    let visit = "Met at the fair in spring: they think about boots for the guides as well.";
    team.on(JONAS, "2026-04-27T16:35:00Z")?.post(path, &json!({ "text": visit })).await.map(|_| ())
}

/// What is to be done, and by when.
pub(super) async fn plan(team: &Team) -> Result<(), Failure> {
    let tasks = [
        (FRAUKE, "Send the offer for 2027", Some(-2), Some(OWNER)),
        (HANNE, "Ask whether the exchanged boots fit", Some(0), Some(ANA)),
        (TARIQ, "Call about seats for the whole team", Some(0), Some(OWNER)),
        (MARCUS, "Check that the last refund was paid", Some(7), Some(JONAS)),
        ("camille.moreau@courrier.example", "Translate the price page into French", None, None),
    ];
    let mia = team.at(OWNER, days_ago(6));
    for (who, title, days, assignee) in tasks {
        let due = days.map(day_from_now);
        let task = json!({ "title": title, "due": due, "assignee": assignee });
        mia.post(&format!("/v1/profiles/{}/tasks", part(who)), &task).await?;
    }
    Ok(())
}

/// The lists of customers that everybody shares.
pub(super) async fn keep_lists(team: &Team) -> Result<(), Failure> {
    let lists: [Json; 2] = [
        json!({ "name": "Enterprise without a person", "shared": true, "filter": "plan:enterprise no:looked_after_by" }),
        json!({ "name": "Pro, quiet for 90 days", "shared": true, "filter": "plan:pro last_seen>90d" }),
    ];
    let mia = team.at(OWNER, days_ago(40));
    for list in lists {
        mia.post("/v1/segments", &list).await?;
    }
    Ok(())
}
