// Menus are `details`: one is open at a time, Escape closes it, arrows walk through it.

const open = () => [...document.querySelectorAll("details[data-menu][open]")];

function close(menu, { back = false } = {}) {
  menu.open = false;
  if (back) menu.querySelector("summary")?.focus();
}

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu);
});

document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu);
});

// What was chosen is done; the button keeps the place of whoever came with the keyboard.
document.addEventListener("submit", (event) => {
  const menu = event.target.closest("details[data-menu][open]");
  if (menu) close(menu, { back: menu.contains(document.activeElement) });
});

const items = (menu) =>
  [...menu.querySelectorAll(".menu-list :is(a[href], button, input, select, summary)")].filter((item) => item.checkVisibility());

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    event.preventDefault();
    event.stopPropagation();
    return close(menu, { back: true });
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  menu.open = true;
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  // From the button that opens it, down leads to the first and up to the last.
  all[here < 0 && step < 0 ? all.length - 1 : (here + step + all.length) % all.length]?.focus();
});

// Where there are more tabs than room, the one that is shown is in sight.
for (const here of document.querySelectorAll(":is(.tabs, .side-nav) a[aria-current]")) {
  const row = here.closest(".tabs, .side-nav");
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
