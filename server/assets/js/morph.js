// Makes a part of the page like a newer one without replacing what is the same: focus, scrolling, what
// somebody is typing, and what they unfolded stay.

const isField = (node) => node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement;

/** Whether somebody is changing what stands in a field. */
export function isBeingEdited(field) {
  if (field === document.activeElement) return !/^(checkbox|radio|submit|button)$/.test(field.type);
  if (field instanceof HTMLSelectElement) return [...field.options].some((option) => option.selected !== option.defaultSelected) && !field.dataset.live;
  if (/^(checkbox|radio)$/.test(field.type)) return field.checked !== field.defaultChecked;
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

// Whoever has only gone into a field loses nothing by seeing there what it says now.
const isHeld = (field) => isBeingEdited(field) && (field !== document.activeElement || field instanceof HTMLSelectElement || field.value !== field.defaultValue);

const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.id || "" : "");

const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

// What scripts put there and no page knows of.
const OWN = new Set(["data-chosen", "data-ticked", "data-fresh", "aria-busy"]);

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (OWN.has(name) || fresh.hasAttribute(name)) continue;
    // Somebody opened it; only they close it.
    if (name === "open" && old.matches("details, dialog")) continue;
    if (name === "hidden" && old.hasAttribute("data-shown-by-script")) continue;
    old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name === "open" && old.matches("details, dialog")) continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function field(old, fresh) {
  if (isHeld(old)) return;
  attributes(old, fresh);
  if (old instanceof HTMLTextAreaElement && old.defaultValue !== fresh.defaultValue) {
    old.defaultValue = fresh.defaultValue;
    old.value = fresh.defaultValue;
  } else if (old instanceof HTMLInputElement) {
    if (/^(checkbox|radio)$/.test(old.type)) old.checked = fresh.defaultChecked;
    else if (old.value !== fresh.defaultValue) old.value = fresh.defaultValue;
  } else if (old instanceof HTMLSelectElement && old.innerHTML !== fresh.innerHTML) {
    old.innerHTML = fresh.innerHTML;
  }
}

const glow = (element) => {
  if (!(element instanceof Element) || element.closest("[data-live-quiet]")) return;
  element.setAttribute("data-fresh", "");
  setTimeout(() => element.removeAttribute("data-fresh"), 2500);
};

/** Makes `old` like `fresh`; `shows` whether what changed glows for a moment. */
export function morph(old, fresh, shows = true) {
  if (old.isEqualNode(fresh)) return;
  // A form in which somebody writes belongs to them: its hidden parts, such as a version, belong to what they write.
  if (old.matches("form") && [...old.elements].some((one) => isField(one) && isHeld(one))) return;
  if (old.hasAttribute("data-live-stays")) return;
  if (isField(old)) return field(old, fresh);
  attributes(old, fresh);
  if (old.hasAttribute("data-live-attributes")) return;
  children(old, fresh, shows);
}

// A long list of which a page holds a part: what was loaded before and behind that part stays.
function overlap(old, fresh, named) {
  const nodes = [...fresh.childNodes];
  const first = nodes.findIndex((node) => node.id && named.has(node.id));
  if (first < 0) return { nodes, here: old.firstChild, end: null };
  const last = nodes.findLastIndex((node) => node.id);
  const meets = named.get(nodes[last].id);
  const goesOn = meets?.nextSibling;
  return { nodes: nodes.slice(first, goesOn ? last + 1 : undefined), here: named.get(nodes[first].id), end: goesOn ?? null };
}

function children(old, fresh, shows) {
  const named = new Map([...old.children].filter(keyOf).map((child) => [keyOf(child), child]));
  const wanted = new Set([...fresh.children].map(keyOf).filter(Boolean));
  const keepsOutside = old.dataset.liveKeeps === "outside";
  const part = keepsOutside ? overlap(old, fresh, named) : { nodes: [...fresh.childNodes], here: old.firstChild, end: null };
  let { here } = part;
  for (const next of part.nodes) {
    // What is gone from here is passed over where the one behind it is meant.
    while (here && here !== part.end && keyOf(here) && !wanted.has(keyOf(here)) && keyOf(next)) {
      const gone = here;
      here = here.nextSibling;
      gone.remove();
    }
    const known = keyOf(next) && named.get(keyOf(next));
    if (known && known !== here) {
      old.insertBefore(known, here);
      here = known;
    }
    if (here && here !== part.end && isAlike(here, next)) {
      if (next.nodeType === 1) morph(here, next, shows);
      else if (here.nodeValue !== next.nodeValue) {
        here.nodeValue = next.nodeValue;
        if (shows) glow(old.closest("[data-row], li, dd, td, .count, .badge") ?? old);
      }
      here = here.nextSibling;
    } else {
      const added = document.importNode(next, true);
      old.insertBefore(added, here);
      if (shows) glow(added);
    }
  }
  while (here && here !== part.end) {
    const gone = here;
    here = here.nextSibling;
    gone.remove();
  }
}
