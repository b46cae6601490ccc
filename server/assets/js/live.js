// What changes elsewhere changes here: parts of the page are brought up to date in place.
//
// An element with an id and data-live="profile:p_1 inbox" is refreshed when a commit touches one of these
// topics: from data-live-src where that stands, else from this very page. All tabs share one connection.

import { morph } from "./morph.js";
import { keepPlace } from "./place.js";
import { say, show } from "./toast.js";
import { word } from "./words.js";

const me = Math.random().toString(36).slice(2);
const banner = document.querySelector("[data-offline]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("whom-live") : null;
const hears = new EventTarget();
const wants = new Map();
let source;
// What happened after the page was made and before the line stood is heard too.
let since = document.querySelector("meta[name=whom-seen]")?.content ?? "";
let lastId = since;
let asked = "";
let isLost = false;
let leads = false;

/** Hears an event of the stream: `touched`, `presence`, `told`; and `lost`, `back` of the connection. */
export const on = (name, handler) => hears.addEventListener(name, (event) => handler(event.detail));

export const isOffline = () => isLost;

function topics() {
  const all = new Set();
  for (const one of document.querySelectorAll("[data-live], [data-presence]")) {
    for (const name of ["live", "presence"]) for (const topic of (one.dataset[name] ?? "").split(" ")) if (topic) all.add(topic);
  }
  return [...all].sort();
}

// One connection for all tabs

function give(name, detail) {
  if (name === "ready" || name === "touched") since = "";
  hears.dispatchEvent(new CustomEvent(name, { detail }));
}

function tell(name, detail) {
  channel?.postMessage({ name, detail });
  give(name, detail);
}

channel?.addEventListener("message", ({ data }) => {
  if (data.want) {
    wants.set(data.from, data.want);
    if (data.since && Number(data.since) < Number(lastId)) {
      lastId = data.since;
      asked = null;
    }
    connectSoon();
  } else if (data.bye) wants.delete(data.bye);
  else if (data.whoIsThere) sayWhatIsWanted();
  else give(data.name, data.detail);
});

let soon = 0;
function connectSoon() {
  if (!leads) return;
  clearTimeout(soon);
  soon = setTimeout(connect, 150);
}

/** To be called when the page shows other topics than before. */
export function sayWhatIsWanted() {
  wants.set(me, topics());
  channel?.postMessage({ from: me, want: topics(), since });
  connectSoon();
}

function connect() {
  const all = [...new Set([...wants.values()].flat())].sort().slice(0, 200).join(",");
  if (source && source.readyState !== EventSource.CLOSED && all === asked) return;
  asked = all;
  source?.close();
  const query = new URLSearchParams({ topics: all });
  if (lastId) query.set("after", lastId);
  source = new EventSource(`/v1/events?${query}`);
  for (const name of ["ready", "touched", "presence", "told"]) {
    source.addEventListener(name, (event) => {
      if (event.lastEventId) lastId = event.lastEventId;
      tell(name, JSON.parse(event.data));
    });
  }
  source.addEventListener("open", () => tell("back"));
  source.addEventListener("error", () => {
    tell("lost");
    // Refused, not interrupted: the browser does not come again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
  });
}

function lead() {
  leads = true;
  channel?.postMessage({ whoIsThere: true });
  connectSoon();
}

// What was touched is brought up to date

const due = new Set();
let waiting = 0;

on("touched", ({ topics: touched }) => {
  for (const part of document.querySelectorAll("[data-live][id]")) {
    if (part.dataset.live.split(" ").some((topic) => touched.includes(topic))) due.add(part);
  }
  refreshSoon();
});

function refreshSoon() {
  if (!due.size || document.hidden) return;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 120);
}

document.addEventListener("visibilitychange", refreshSoon);

const rowsOf = (part) => part.querySelectorAll("[data-row]").length;

// A list to which more was loaded is brought up to date with as many rows as it shows.
function sourceOf(part) {
  const address = new URL(part.dataset.liveSrc ?? location.href, location.href);
  if (part.hasAttribute("data-live-rows")) address.searchParams.set("rows", rowsOf(part));
  address.hash = "";
  return address.href;
}

/** Brings parts of the page up to date now. */
export async function refresh(parts = [...due]) {
  // Those that somebody asks for; what else is due stays so.
  for (const part of parts) due.delete(part);
  const sources = new Map();
  for (const part of parts) {
    if (!part.isConnected) continue;
    const address = sourceOf(part);
    sources.set(address, [...(sources.get(address) ?? []), part]);
  }
  for (const [address, own] of sources) {
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      const landed = new URL(answer.url);
      if (answer.redirected && landed.pathname === "/login") return signedOut();
      if (answer.redirected && landed.pathname !== new URL(address, location.href).pathname) {
        say(word("moved"), { link: answer.url });
        continue;
      }
      if (!answer.ok) continue;
      take(new DOMParser().parseFromString(await answer.text(), "text/html"), own, true);
    } catch {
      for (const part of own) due.add(part);
    }
  }
}

/** Takes parts of the page from a newer one. */
export function take(page, parts = document.querySelectorAll("[data-live][id]"), isWhole = false) {
  const goOn = keepPlace();
  for (const part of parts) {
    const fresh = page.getElementById(part.id) ?? (part.dataset.liveSrc ? page.body.firstElementChild : null);
    if (!fresh) continue;
    // A page that was not asked for as many rows as are shown would take some away.
    if (!isWhole && part.hasAttribute("data-live-rows") && rowsOf(part) > rowsOf(fresh) && fresh.querySelector("[data-more-place]")) {
      refresh([part]);
      continue;
    }
    morph(part, fresh);
    part.dispatchEvent(new CustomEvent("whom:refreshed", { bubbles: true }));
  }
  document.dispatchEvent(new CustomEvent("whom:page", { detail: page }));
  goOn();
  sayWhatIsWanted();
}

// The connection

let silence = 0;

on("lost", () => {
  // Streams end now and then by themselves; the next one comes at once.
  silence ||= setTimeout(() => {
    isLost = true;
    document.documentElement.dataset.offline = "";
    if (banner) banner.hidden = false;
  }, 5000);
});

on("back", () => {
  clearTimeout(silence);
  silence = 0;
  if (!isLost) return;
  isLost = false;
  delete document.documentElement.dataset.offline;
  if (banner) banner.hidden = true;
  for (const part of document.querySelectorAll("[data-live][id]")) due.add(part);
  refreshSoon();
});

addEventListener("offline", () => give("lost"));
addEventListener("online", () => connectSoon());
banner?.querySelector("[data-retry]")?.addEventListener("click", async () => {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (!answer.ok) return;
    asked = null;
    if (leads) connect();
    give("back");
  } catch {
    banner.querySelector("[data-retry]").blur();
  }
});

function signedOut() {
  say(word("signed_out"), { bad: true, link: `/login` });
}

// What is sent while there is no connection is not lost: it stays where it was typed.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || (navigator.onLine && !isLost)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(word("not_sent"), { bad: true });
}, true);

const another = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Forms that do not leave the page: the page they lead to is fetched, and its newer parts are taken over.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-quick]") || event.defaultPrevented) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.getAttribute("action") ?? location.href, { method: "POST", body, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const landed = new URL(answer.url);
    if (landed.pathname === "/login") return signedOut();
    if (!answer.ok) {
      const why = page.querySelector(".notice.bad, [data-why], main p")?.textContent.trim();
      return say(why || word("failed"), { bad: true });
    }
    const news = [...page.querySelectorAll("main [data-toast], main .notice:not(.bad)")];
    if (answer.redirected && landed.pathname !== location.pathname && form.dataset.quick !== "stay") return location.assign(answer.url);
    form.reset();
    // The next one is another, also where the form is being written in and stays as it is.
    if (form.elements.request) form.elements.request.value = another();
    take(page);
    for (const one of news) {
      if (one.matches("[data-toast]")) show(document.importNode(one, true));
      else say(one.textContent.trim());
    }
    form.dispatchEvent(new CustomEvent("whom:sent", { bubbles: true, detail: { page, url: answer.url } }));
  } catch {
    say(word("not_sent"), { bad: true });
  } finally {
    form.ariaBusy = "false";
  }
});

if (banner) {
  sayWhatIsWanted();
  if (channel && navigator.locks) navigator.locks.request("whom-live", () => new Promise(lead));
  else lead();
  addEventListener("pagehide", () => channel?.postMessage({ bye: me }));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sayWhatIsWanted();
    give("back");
  });
}
