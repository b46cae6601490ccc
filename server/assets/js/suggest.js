// Suggestions while somebody types who or what they mean: a list below the field, walked by arrows.
//
// data-suggest is where the rows come from. What is chosen is sent beside the text as NAME_id; with
// data-suggest-sends it takes the place of the text and the form is sent at once; with data-suggest-list
// the text names several, and what is chosen takes the place of the last.

let field;
let list;
let waiting = 0;
let running;

const options = () => [...(list?.children ?? [])];
const current = () => list?.querySelector('[aria-selected="true"]');

/** Where what is being typed begins: in a list behind the last comma that stands in no quotes. */
function start(of) {
  let [at, isQuoted] = [0, false];
  for (let place = 0; of.hasAttribute("data-suggest-list") && place < of.value.length; place += 1) {
    if (of.value[place] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[,;]/.test(of.value[place])) at = place + 1;
  }
  return at;
}

const typed = (of) => of.value.slice(start(of)).trim();

function close() {
  clearTimeout(waiting);
  running?.abort();
  list?.remove();
  list = null;
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
}

function open(of) {
  if (field !== of) close();
  field = of;
  if (list) return;
  list = document.createElement("ul");
  list.className = "suggestions";
  list.role = "listbox";
  list.id = `${field.id}-list`;
  list.ariaLabel = field.labels?.[0]?.textContent ?? "";
  field.role = "combobox";
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.after(list);
}

function forget(of) {
  of.form?.querySelector(`input[type=hidden][name="${of.name}_id"]`)?.remove();
}

async function ask(of) {
  running?.abort();
  running = new AbortController();
  const address = new URL(of.dataset.suggest, location.href);
  address.searchParams.set("q", typed(of));
  try {
    const answer = await fetch(address, { signal: running.signal });
    if (!answer.ok || answer.redirected) return close();
    const rows = await answer.text();
    if (document.activeElement !== of) return;
    open(of);
    list.innerHTML = rows;
    options().forEach((option, place) => (option.id = `${list.id}-${place}`));
    list.hidden = !list.children.length;
    of.setAttribute("aria-expanded", String(!list.hidden));
  } catch {
    // What is asked for next has taken its place.
  }
}

function mark(option) {
  current()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function choose(option) {
  const of = field;
  forget(of);
  if (of.hasAttribute("data-suggest-list")) {
    const before = of.value.slice(0, start(of));
    of.value = `${before}${before && " "}${option.dataset.value}, `;
    close();
    // A draft hears of it as of anything that is typed.
    return of.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (of.hasAttribute("data-suggest-sends")) {
    of.value = option.dataset.value;
    close();
    return of.form.requestSubmit();
  }
  of.value = option.querySelector("span").textContent;
  of.after(Object.assign(document.createElement("input"), { type: "hidden", name: `${of.name}_id`, value: option.dataset.value }));
  close();
  of.focus();
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("input[data-suggest]")) return;
  forget(event.target);
  clearTimeout(waiting);
  if (!typed(event.target)) return close();
  waiting = setTimeout(ask, 150, event.target);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!list || list.hidden || event.target !== field || event.isComposing) return;
    const all = options();
    const here = all.indexOf(current());
    if (event.key === "ArrowDown") mark(all[here + 1] ?? all[0]);
    else if (event.key === "ArrowUp") mark(all[here - 1] ?? all.at(-1));
    else if (event.key === "Enter" && current()) choose(current());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// The field keeps the focus while somebody points into the list.
document.addEventListener("mousedown", (event) => {
  const option = list && event.target.closest?.(".suggestions [role=option]");
  if (!option) return;
  event.preventDefault();
  choose(option);
});

document.addEventListener("focusout", (event) => {
  if (event.target === field) close();
});

document.addEventListener("reset", (event) => {
  for (const of of event.target.querySelectorAll("input[data-suggest]")) forget(of);
});
