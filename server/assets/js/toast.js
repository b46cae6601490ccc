// News that go away by themselves: those that stand in the page, and those that scripts tell.

import { word } from "./words.js";

const place = document.getElementById("toasts");
const LASTS = 8000;
// As long as a message can be taken back, unless an admin says otherwise.
const LASTS_WITH_UNDO = 10000;

function begin(toast) {
  const lasts = toast.querySelector("form, a") ? LASTS_WITH_UNDO : LASTS;
  let left = lasts;
  let since = Date.now();
  let timer = setTimeout(end, left);
  toast.dataset.ends = "";
  toast.style.setProperty("--lasts", `${lasts}ms`);
  let from;
  function end() {
    // Whoever came here with the keyboard is led back, before it goes: so it is still seen where they are.
    if (toast.contains(document.activeElement)) (from?.isConnected && from.checkVisibility() ? from : document.querySelector("main :is(a[href], button)"))?.focus({ preventScroll: true });
    toast.remove();
  }
  // Whoever reads it or reaches for it is not hurried.
  const hold = () => {
    clearTimeout(timer);
    left -= Date.now() - since;
  };
  const go = () => {
    since = Date.now();
    timer = setTimeout(end, Math.max(left, 1500));
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("mouseleave", go);
  toast.addEventListener("focusin", (event) => {
    if (!toast.contains(event.relatedTarget)) from = event.relatedTarget;
    hold();
  });
  toast.addEventListener("focusout", go);
  // What was taken back once cannot be taken back again.
  toast.addEventListener("whom:sent", end);
  const shut = Object.assign(document.createElement("button"), { type: "button", textContent: "✕", ariaLabel: word("close") });
  shut.addEventListener("click", end);
  toast.append(shut);
}

/** Shows a toast that was made elsewhere, such as one from a page that was fetched. */
export function show(toast) {
  toast.removeAttribute("role");
  place.append(toast);
  while (place.children.length > 3) place.firstElementChild.remove();
  begin(toast);
}

/** Says something; `link` is where it leads. */
export function say(text, { bad = false, link } = {}) {
  const toast = document.createElement("div");
  toast.className = bad ? "toast bad" : "toast";
  const words = document.createElement(link ? "a" : "span");
  words.textContent = text;
  if (link) words.href = link;
  toast.append(words);
  show(toast);
}

// What the page came with moves to where all news stand, and is not told again when the page is loaded anew.
for (const toast of document.querySelectorAll("main [data-toast]")) show(toast);
const address = new URL(location.href);
if (["done", "undo"].some((name) => address.searchParams.has(name)) && place?.children.length) {
  for (const name of ["done", "undo", "of", "n"]) address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}
