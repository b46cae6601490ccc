// Search as you type: asks for the rows alone and puts them in the place of those that stand there.

const form = document.querySelector("form[data-lookup]");
const field = form?.querySelector("input[type=search]");
const results = document.getElementById("results");
const said = document.getElementById("result-count");
let waiting = 0;
let running;
let opensFirst = false;

function openFirst() {
  const first = field.value && results.querySelector("[data-row] a");
  opensFirst = false;
  if (first) location.assign(first.href);
}

async function ask() {
  clearTimeout(waiting);
  running?.abort();
  running = new AbortController();
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  const address = `${form.action}${query.size ? `?${query}` : ""}`;
  query.set("fragment", "1");
  try {
    const answer = await fetch(`${form.action}?${query}`, { signal: running.signal });
    // Signed out meanwhile, or something failed: a whole page says so best.
    if (!answer.ok || answer.redirected) return location.assign(address);
    results.innerHTML = await answer.text();
    results.removeAttribute("aria-busy");
    history.replaceState(null, "", address);
    if (opensFirst) return openFirst();
    keepFilters();
    if (said) said.textContent = results.querySelector("[data-count]")?.dataset.count ?? "";
  } catch (error) {
    if (error.name !== "AbortError") results.removeAttribute("aria-busy");
  }
}

// The filters stand outside the results, so they have to learn what is looked for now.
function keepFilters() {
  for (const filter of document.querySelectorAll("a[data-filter]")) {
    const address = new URL(filter.href);
    if (field.value) address.searchParams.set("q", field.value);
    else address.searchParams.delete("q");
    filter.href = address.href;
  }
}

field?.addEventListener("input", () => {
  clearTimeout(waiting);
  opensFirst = false;
  results.setAttribute("aria-busy", "true");
  waiting = setTimeout(ask, 120);
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  // Enter opens the best one, also where it is still on its way.
  if (!results.hasAttribute("aria-busy")) return openFirst();
  opensFirst = true;
  ask();
});

// Up and down walk from the field through the rows and back.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...results.querySelectorAll("[data-row] a")];
  const here = links.indexOf(document.activeElement);
  if (here < 0 && document.activeElement !== field) return;
  event.preventDefault();
  (links[here + step] ?? (here + step < 0 ? field : links[here]))?.focus();
});
