// The keyboard: what a page declares with data-key is pressed here, and the help is made from it.
//
// data-key="e" or "g i" presses a link or button, or goes into a field; data-key-says says what it does,
// data-key-group under which heading. Rows ([data-row]) are walked with j and k, opened with o or Enter,
// ticked with x. Nothing fires while somebody types; single keys can be turned off.

import { word } from "./words.js";

const help = document.querySelector("dialog[data-help]");
const OFF = "whom-keys-off";
let before = "";
let beforeAt = 0;

document.documentElement.classList.add("scripted");

export const isTyping = (target) =>
  target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type));

export const areOff = () => localStorage.getItem(OFF) === "1";

const isSeen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

export const declared = () => [...document.querySelectorAll("[data-key]")];

export function says(element) {
  return element.dataset.keySays ?? element.ariaLabel ?? element.title ?? element.textContent.trim();
}

export function press(element) {
  if (element.matches("input:not([type=checkbox], [type=submit]), textarea, select")) {
    element.focus();
    element.select?.();
  } else if (element.matches("details")) {
    element.open = true;
    element.querySelector("input, textarea, select, a, button")?.focus();
  } else {
    element.focus();
    element.click();
  }
}

const rows = () => [...document.querySelectorAll("main [data-row]")].filter(isSeen);
// What stands before it in a row, such as a tag, leads elsewhere.
const opener = (row) => row?.querySelector("a[data-opens]") ?? row?.querySelector("a[href]");
const chosen = () => document.querySelector("[data-row][data-chosen]") ?? document.activeElement?.closest?.("[data-row]");

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const here = all.indexOf(chosen());
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
  document.querySelector("[data-row][data-chosen]")?.removeAttribute("data-chosen");
  next.setAttribute("data-chosen", "");
  (next.matches("[tabindex]") ? next : (opener(next) ?? next)).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function open() {
  const link = opener(chosen());
  link?.click();
  return Boolean(link);
}

function tick() {
  const box = chosen()?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function search() {
  const field = document.querySelector("main input[type=search]");
  if (field) press(field);
  else document.dispatchEvent(new CustomEvent("whom:palette"));
  return true;
}

const BUILT_IN = [
  ["/", word("key_search"), search, () => true],
  ["?", word("key_help"), showHelp, () => true],
  ["j", word("key_next"), () => move(1), () => rows().length],
  ["k", word("key_previous"), () => move(-1), () => rows().length],
  ["o", word("key_open"), open, () => rows().length],
  ["x", word("key_tick"), tick, () => document.querySelector("[data-row] input[type=checkbox]")],
];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape" && !event.target.closest("dialog, [data-edit]")) event.target.blur();
    return;
  }
  if (areOff() || document.querySelector("dialog[open]")) return;
  const pressed = event.key;
  const isSecond = before && event.timeStamp - beforeAt < 1200;
  const all = declared().filter(isSeenOrLink);
  const two = isSecond && all.find((element) => element.dataset.key === `${before} ${pressed}`);
  const one = all.find((element) => element.dataset.key === pressed);
  before = pressed.length === 1 ? pressed : "";
  beforeAt = event.timeStamp;
  const element = two || one;
  if (element) {
    event.preventDefault();
    before = "";
    return press(element);
  }
  if (BUILT_IN.find(([key]) => key === pressed)?.[2]()) event.preventDefault();
});

// A link of the rail works also where the rail has no room to show it, and what stands in a menu while that is shut.
const isSeenOrLink = (element) => element.matches("a[href]") || isSeen(element.closest("details[data-menu]") ?? element);

function entry(keys, text) {
  const dt = document.createElement("dt");
  const dd = document.createElement("dd");
  dt.textContent = text;
  dd.append(...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  return [dt, dd];
}

export function showHelp() {
  if (!help || help.open) return false;
  const groups = new Map();
  const put = (group, keys, text) => groups.set(group, [...(groups.get(group) ?? []), ...entry(keys, text)]);
  for (const element of declared()) put(element.dataset.keyGroup ?? word("here"), element.dataset.key, says(element));
  for (const [key, text, , applies] of BUILT_IN) if (applies()) put(word("everywhere"), key, text);
  put(word("everywhere"), "Ctrl K", word("key_palette"));
  put(word("everywhere"), "Esc", word("key_escape"));
  const place = help.querySelector("[data-help-groups]");
  place.replaceChildren();
  for (const [name, entries] of groups) {
    const section = document.createElement("section");
    const list = document.createElement("dl");
    list.append(...entries);
    section.append(Object.assign(document.createElement("h3"), { textContent: name }), list);
    place.append(section);
  }
  help.querySelector("[data-keys-on]").checked = !areOff();
  help.showModal();
  return true;
}

help?.querySelector("[data-keys-on]")?.addEventListener("change", (event) => {
  if (event.target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});

for (const opener of document.querySelectorAll("[data-opens-help]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => {
    opener.closest("details")?.removeAttribute("open");
    showHelp();
  });
}

// A ticked row says so as a whole.
document.addEventListener("change", (event) => {
  const row = event.target.matches?.("input[type=checkbox]") && event.target.closest("[data-row]");
  if (row) row.toggleAttribute("data-ticked", event.target.checked);
});
