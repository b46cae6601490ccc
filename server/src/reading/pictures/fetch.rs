//! One picture over the wire: each address is looked at before anything leaves.

use std::time::Duration;

use whom_plugin_host::{Outgoing, Reach, ReqwestClient, Url};

use super::{NoPicture, Wanted};
use crate::{app::AppState, documents, enrich::Left, reading::PictureKind, secret};

/// The most redirects, the longest picture in bytes, and how long one exchange may take.
const REDIRECTS: usize = 3;
pub(super) const LONGEST: usize = 5 * 1024 * 1024;
const WITHIN: Duration = Duration::from_secs(8);

/// Fetches a picture.
pub(super) async fn fetch(
    client: &ReqwestClient,
    state: &AppState,
    wanted: &Wanted<'_>,
) -> Result<Vec<u8>, NoPicture> {
    let mut address = Url::parse(wanted.address).map_err(|_| NoPicture::Refused("it is no address"))?;
    for _ in 0..=REDIRECTS {
        let reach = judge(&mut address, wanted.local)?;
        put_on_ledger(state, wanted, &address).await?;
        let accept = "image/webp,image/png,image/jpeg,image/gif".to_owned();
        let request = Outgoing {
            method: "GET".to_owned(),
            url: address.clone(),
            reach,
            headers: vec![("accept".to_owned(), accept)],
            body: None,
            within: WITHIN,
            longest: LONGEST,
        };
        let answer = client.fetch(request).await.map_err(|error| {
            tracing::debug!(host = address.host_str(), %error, "a picture was not fetched");
            NoPicture::Unreachable
        })?;
        match answer.status {
            200 => return PictureKind::of(&answer.bytes).map(|_| answer.bytes).ok_or(NoPicture::NotOne),
            301 | 302 | 303 | 307 | 308 => {
                let next = answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value);
                address = next.and_then(|next| address.join(next).ok()).ok_or(NoPicture::Unreachable)?;
            }
            _ => return Err(NoPicture::Unreachable),
        }
    }
    Err(NoPicture::Refused("it leads on and on"))
}

/// Whether an address may be asked. Old mail says `http`; the same place is asked by `https`.
pub(super) fn judge(address: &mut Url, local: Option<&str>) -> Result<Reach, NoPicture> {
    let refuse = |why| Err(NoPicture::Refused(why));
    if !address.username().is_empty() || address.password().is_some() {
        return refuse("there is a password in the address");
    }
    let typed_in = local.and_then(|local| Url::parse(local).ok());
    if typed_in.is_some_and(|typed_in| typed_in.origin() == address.origin()) {
        return Ok(Reach::Local);
    }
    if address.scheme() == "http" && address.set_scheme("https").is_err() || address.scheme() != "https" {
        return refuse("it is no web address");
    }
    if address.port().is_some() {
        return refuse("a port is named");
    }
    Ok(Reach::Public)
}

async fn put_on_ledger(state: &AppState, wanted: &Wanted<'_>, address: &Url) -> Result<(), NoPicture> {
    let at = state.now();
    let left = Left {
        at,
        plugin: "pictures".to_owned(),
        host: address.host_str().unwrap_or_default().to_owned(),
        method: "GET".to_owned(),
        path: address.path().to_owned(),
        profile: wanted.about.map(|profile| profile.to_string()),
        properties: vec!["picture".to_owned()],
        hook: "show".to_owned(),
        rule: wanted.rule.to_owned(),
    };
    let id = format!("{:016x}-picture-{}", at.as_millis(), secret::hex(&secret::random::<8>()));
    documents::put(state.store(), &id, at, &left).await.map_err(|error| {
        tracing::warn!(%error, "a picture was not fetched because the ledger cannot be written");
        NoPicture::Unreachable
    })
}
