// The timeline in place: jumps swap what is shown, newer rows come in above without moving what is read,
// and a line says what is new since the last visit. Without this every jump is a page.

const pane = document.getElementById("timeline");
const profile = document.querySelector("[data-profile]")?.dataset.profile;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Jumps

let shown = location.search;

async function swap(address, { push = true } = {}) {
  const asked = new URL(address, location.href);
  const wanted = new URL(asked);
  wanted.hash = "";
  wanted.searchParams.set("fragment", "pane");
  pane.ariaBusy = "true";
  try {
    const answer = await fetch(wanted);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const written = document.getElementById("note")?.value;
    pane.innerHTML = await answer.text();
    // A note that somebody is writing goes along.
    const note = document.getElementById("note");
    if (note && written) note.value = written;
    if (push) history.pushState({ swap: true }, "", asked);
    shown = asked.search;
    markChosen(asked);
    watch();
    show(asked);
  } catch {
    location.assign(asked);
  }
  pane.ariaBusy = "false";
}

function markChosen(address) {
  const at = address.searchParams.get("at");
  for (const link of document.querySelectorAll("#conversations a[data-goto]")) {
    if (at && new URL(link.href).searchParams.get("at") === at) {
      link.setAttribute("aria-current", "true");
      const group = link.closest("details");
      if (group) group.open = true;
    } else link.removeAttribute("aria-current");
  }
}

function show(address) {
  const target = address.hash && document.getElementById(address.hash.slice(1));
  for (const row of pane.querySelectorAll("[data-chosen]")) if (row !== target) row.removeAttribute("data-chosen");
  // On a telephone one pane is shown at a time; the timeline is the one that was asked for.
  if (getComputedStyle(pane).display === "none") location.hash = "timeline";
  (target || pane).scrollIntoView({ block: target ? "center" : "start", behavior: calm.matches ? "auto" : "smooth" });
  if (!target) return;
  target.setAttribute("data-chosen", "");
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const bar = event.target.closest?.("[data-years] g[data-on]");
  const link = event.target.closest?.("a[data-goto]");
  const address = bar ? `${bar.closest("[data-years]").dataset.years}?on=${bar.dataset.on}` : link?.href;
  if (!address || !pane) return;
  event.preventDefault();
  swap(address);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-jump]")) return;
  event.preventDefault();
  swap(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
});

// Going to another pane of a telephone is no jump: only the part behind the mark changes.
addEventListener("popstate", () => {
  const isHere = location.pathname === `/customers/${profile}`;
  if (isHere && pane && location.search !== shown) swap(location.href, { push: false });
});

// Newer rows

async function loadNewer(link) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = document.createElement("template");
    page.innerHTML = await answer.text();
    const place = link.closest("[data-more-place]");
    const below = place.nextElementSibling;
    const last = [...page.content.querySelectorAll("[data-once]")].at(-1);
    // The heading of a day stands above its newest row, which may have come in only now.
    if (below?.dataset.once && below.dataset.once === last?.dataset.once) below.remove();
    const anchor = place.nextElementSibling;
    const before = anchor?.getBoundingClientRect().top ?? 0;
    place.replaceWith(page.content);
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
    watch();
  } catch {
    link.ariaBusy = "false";
    link.removeAttribute("data-newer");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-newer]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  loadNewer(link);
});

let scrolled = false;
addEventListener("scroll", () => (scrolled = true), { passive: true, once: true });

// Above nothing is loaded before somebody scrolls: the place that was jumped to stays where it is.
const nearing = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting && scrolled).forEach((entry) => loadNewer(entry.target)),
  { rootMargin: "200px" },
);

function watch() {
  for (const link of pane?.querySelectorAll('a[data-newer="by-itself"]') ?? []) nearing.observe(link);
  // `more.js` watches what it finds in the page.
  document.dispatchEvent(new CustomEvent("whom:more"));
}

// New since the last visit

const SEEN = "whom-seen";
const MOST = 300;

function since() {
  const rows = [...(pane?.querySelectorAll("#record > [data-at]") ?? [])];
  const isNewest = !pane?.querySelector("a[data-newer]") && !/[?&](show|before|after|on|at)=/.test(location.search);
  if (!profile || !rows.length || !isNewest) return;
  let seen = {};
  try {
    seen = JSON.parse(localStorage.getItem(SEEN)) ?? {};
  } catch {}
  const last = seen[profile];
  const newest = Number(rows[0].dataset.at);
  if (last && last < newest) {
    const first = rows.find((row) => Number(row.dataset.at) <= last);
    const before = first?.previousElementSibling?.matches(".day") ? first.previousElementSibling : first;
    if (before) {
      const line = Object.assign(document.createElement("li"), { className: "since" });
      line.textContent = pane.dataset.since;
      before.before(line);
    }
  }
  delete seen[profile];
  const kept = Object.entries(seen).slice(-MOST + 1);
  localStorage.setItem(SEEN, JSON.stringify(Object.fromEntries([...kept, [profile, newest]])));
}

if (pane) {
  since();
  watch();
}
