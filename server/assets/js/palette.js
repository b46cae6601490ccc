// Search and commands (Ctrl K): places, what can be done on this page, customers, conversations by number and subject.

import { declared, press, says } from "./keys.js";
import { word } from "./words.js";

const dialog = document.querySelector("dialog[data-palette]");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const none = dialog?.querySelector(".empty-palette");
const RECENT = "whom-recent";
const MOST = 9;
let items = [];
let chosen = 0;
let waiting = 0;
let running;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const icon = (name) => dialog.querySelector("template[data-icons]").content.querySelector(`[data-icon=${name}] svg`)?.cloneNode(true);

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function remember(item) {
  if (!item.href) return;
  const kept = [{ href: item.href, text: item.text, icon: item.iconName }, ...recent().filter((one) => one.href !== item.href)];
  localStorage.setItem(RECENT, JSON.stringify(kept.slice(0, 6)));
}

// What there is to choose from on every page and on this one

function places() {
  return [...dialog.querySelector("template[data-places]").content.querySelectorAll("a")].map((link) => ({
    group: word("palette_places"),
    text: link.textContent.trim(),
    href: link.getAttribute("href"),
    keys: link.dataset.keys,
    icon: link.querySelector("svg")?.cloneNode(true),
  }));
}

function deeds() {
  const links = new Set(places().map((place) => place.href));
  const named = [...document.querySelectorAll("[data-deed]")];
  const keyed = declared().filter((one) => !links.has(one.getAttribute("href")) && !one.matches("[data-deed]"));
  return [...named, ...keyed].filter((one) => !one.closest("dialog") && !one.disabled).map((element) => ({
    group: word("here"),
    text: element.dataset.deed || says(element),
    keys: element.dataset.key,
    icon: icon("deed"),
    run: () => press(element),
  }));
}

const kept = () =>
  recent().filter((one) => one.href !== location.pathname).map((one) => ({
    ...one, group: word("palette_recent"), iconName: one.icon, icon: icon(one.icon ?? "recent") ?? icon("recent"),
  }));

/** How well a text fits what was typed: all words have to be there, at the beginning of words is better. */
function fits(text, typed) {
  const words = fold(text);
  let points = 0;
  for (const part of fold(typed).split(/\s+/).filter(Boolean)) {
    const at = words.indexOf(part);
    if (at < 0) return 0;
    points += at === 0 ? 3 : /[\s:]/.test(words[at - 1]) ? 2 : 1;
  }
  return points;
}

async function customers(typed, signal) {
  const answer = await fetch(`/v1/profiles?${new URLSearchParams({ q: typed, limit: 6 })}`, { signal });
  if (!answer.ok) return [];
  const { items = [] } = await answer.json();
  return items.map((one) => ({
    group: word("palette_customers"), text: one.name, more: one.line ?? one.company ?? "", href: `/customers/${one.id}`,
    icon: icon("customer"), iconName: "customer",
  }));
}

async function conversations(typed, signal) {
  const answer = await fetch(`/v1/inbox?${new URLSearchParams({ q: typed, limit: 4 })}`, { signal });
  if (!answer.ok) return [];
  const { items = [] } = await answer.json();
  return items.map((one) => ({
    group: word("palette_conversations"), text: one.subject || word("palette_number", one), more: `#${one.number}`, href: `/conversations/${one.number}`,
    icon: icon("conversation"), iconName: "conversation",
  }));
}

function numbered(typed) {
  const number = /^#?(\d{1,9})$/.exec(typed.trim())?.[1];
  if (!number) return [];
  return [{ group: word("palette_conversations"), text: word("palette_number", { number }), href: `/conversations/${number}`, icon: icon("conversation"), iconName: "conversation" }];
}

// Showing it

function draw(found) {
  items = found;
  chosen = 0;
  list.replaceChildren();
  let group = "";
  for (const [place, item] of items.entries()) {
    if (item.group !== group) {
      group = item.group;
      list.append(Object.assign(document.createElement("li"), { className: "palette-group", role: "presentation", textContent: group }));
    }
    const row = Object.assign(document.createElement("li"), { id: `palette-${place}`, role: "option" });
    const text = Object.assign(document.createElement("span"), { className: "text-of", textContent: item.text });
    row.append(item.icon ?? "", text);
    if (item.more && item.more !== item.text) row.append(Object.assign(document.createElement("span"), { className: "faint", textContent: item.more }));
    for (const [at, key] of (item.keys ?? "").split(" ").filter(Boolean).entries()) {
      row.append(Object.assign(document.createElement("kbd"), { textContent: key, className: at ? "" : "first" }));
    }
    row.addEventListener("click", (event) => take(place, event.ctrlKey || event.metaKey));
    row.addEventListener("mousemove", () => choose(place));
    list.append(row);
  }
  none.hidden = items.length > 0;
  choose(0);
}

function choose(place) {
  chosen = Math.min(Math.max(place, 0), Math.max(items.length - 1, 0));
  for (const row of list.querySelectorAll("[role=option]")) {
    const isChosen = row.id === `palette-${chosen}`;
    row.ariaSelected = String(isChosen);
    if (isChosen) row.scrollIntoView({ block: "nearest" });
  }
  if (items.length) field.setAttribute("aria-activedescendant", `palette-${chosen}`);
  else field.removeAttribute("aria-activedescendant");
}

function take(place, inNewTab = false) {
  const item = items[place];
  const typed = field.value;
  dialog.close();
  if (!item) return typed && location.assign(`/customers?${new URLSearchParams({ q: typed })}`);
  remember(item);
  if (item.run) item.run();
  else if (inNewTab) window.open(item.href);
  else location.assign(item.href);
}

async function ask() {
  const typed = field.value.trim();
  running?.abort();
  clearTimeout(waiting);
  if (!typed) return draw([...kept().slice(0, 4), ...deeds().filter((one) => one.keys), ...places()]);
  const own = [...deeds(), ...places()].map((item) => ({ item, points: fits(item.text, typed) })).filter(({ points }) => points)
    .sort((a, b) => b.points - a.points).map(({ item }) => item);
  const groups = (all) => [...new Set(all.map((item) => item.group))].flatMap((group) => all.filter((item) => item.group === group));
  const now = groups([...numbered(typed), ...own]).slice(0, MOST);
  draw(now);
  running = new AbortController();
  const { signal } = running;
  waiting = setTimeout(async () => {
    try {
      const found = (await Promise.all([customers(typed, signal), conversations(typed, signal)])).flat();
      if (signal.aborted || !found.length) return;
      const at = chosen;
      // A name that was typed is more likely meant than a place that holds the same letters somewhere.
      draw([...now, ...found]);
      choose(at);
    } catch {
      // Nobody is found while there is no connection; what stands here still works.
    }
  }, 90);
}

function open(typed = "") {
  if (!dialog || dialog.open) return;
  field.value = typed;
  dialog.showModal();
  field.focus();
  ask();
}

field?.addEventListener("input", ask);

field?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
  if (step) {
    event.preventDefault();
    choose(chosen + step);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    take(chosen, event.ctrlKey || event.metaKey);
  }
});

dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  if (dialog?.open) dialog.close();
  else if (!document.querySelector("dialog[open]")) open();
});

document.addEventListener("whom:palette", () => open());

// The field in the bar is the same thing; without scripts it searches customers.
const bar = document.querySelector("form[data-opens-palette] input");
bar?.addEventListener("mousedown", (event) => {
  event.preventDefault();
  open(bar.value);
});
bar?.addEventListener("keydown", (event) => {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  open(event.key);
});
