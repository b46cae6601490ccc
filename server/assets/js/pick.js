// A page on which something is looked up opens as a dialog over this one, and looks while somebody types.

import { say } from "./toast.js";
import { word } from "./words.js";

let dialog;
let waiting = 0;
let running;
let takesFirst = false;

function inDialog(content) {
  if (!dialog) {
    dialog = Object.assign(document.createElement("dialog"), { className: "pick-dialog" });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
  }
  content.removeAttribute("class");
  dialog.replaceChildren(document.importNode(content, true));
  dialog.setAttribute("aria-label", dialog.querySelector("h1").textContent);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input[type=search]").focus();
}

const placeOf = (element) => element.closest("[data-pick-page]");
const rows = (place) => [...place.querySelectorAll("[data-pick-found] button")];

document.addEventListener("click", async (event) => {
  if (event.target.closest?.("[data-pick-close]") && dialog?.open) {
    event.preventDefault();
    return dialog.close();
  }
  const link = event.target.closest?.("a[data-pick]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  link.closest("details")?.removeAttribute("open");
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.querySelector("[data-pick-page]");
    if (!answer.ok || !content) throw new Error(answer.statusText);
    inDialog(content);
  } catch {
    location.assign(link.href);
  }
});

async function ask(form) {
  clearTimeout(waiting);
  running?.abort();
  running = new AbortController();
  const place = placeOf(form);
  const found = place.querySelector("[data-pick-found]");
  const query = new URLSearchParams(new FormData(form));
  query.set("fragment", "1");
  try {
    const answer = await fetch(`${form.action}?${query}`, { signal: running.signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    found.innerHTML = await answer.text();
    found.removeAttribute("aria-busy");
    if (takesFirst) rows(place)[0]?.click();
    takesFirst = false;
  } catch (error) {
    if (error.name === "AbortError") return;
    found.removeAttribute("aria-busy");
    say(word("failed"), { bad: true });
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-pick-form]");
  if (!form) return;
  takesFirst = false;
  placeOf(form).querySelector("[data-pick-found]").setAttribute("aria-busy", "true");
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(form), 140);
});

// Enter takes the first one, also where it is still on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-pick-form]")) return;
  event.preventDefault();
  const place = placeOf(form);
  if (!form.elements.q.value.trim()) return;
  if (!place.querySelector("[data-pick-found][aria-busy]")) return rows(place)[0]?.click();
  takesFirst = true;
  ask(form);
});

document.addEventListener("keydown", (event) => {
  // A field that is searched in would only empty itself.
  if (event.key === "Escape" && dialog?.open && !event.isComposing) {
    event.preventDefault();
    return dialog.close();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const place = step && placeOf(event.target);
  if (!place) return;
  const all = rows(place);
  const here = all.indexOf(document.activeElement);
  const field = place.querySelector("input[type=search]");
  if (here < 0 && document.activeElement !== field) return;
  event.preventDefault();
  (all[here + step] ?? (here + step < 0 ? field : all[here]))?.focus();
});
