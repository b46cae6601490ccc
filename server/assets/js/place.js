// Whoever is somewhere that goes away goes on beside it: the keyboard is never nowhere.

const isThere = (element) => element?.isConnected && element.checkVisibility();

const within = (row) => (row?.matches("a[href], button") ? row : row?.querySelector("a[href], button:not([hidden]), input:not([type=hidden])"));

/** Remembers where the keyboard is; what comes back, called when the page has changed, finds the place again. */
export function keepPlace() {
  const here = document.activeElement;
  if (!here || here === document.body) return () => {};
  const row = here.closest("[data-row], li, tr");
  const beside = [];
  for (let one = row?.nextElementSibling; one; one = one.nextElementSibling) beside.push(one);
  for (let one = row?.previousElementSibling; one; one = one.previousElementSibling) beside.push(one);
  const around = here.closest("[data-live], dialog, form, main");
  return () => {
    if (isThere(here)) return;
    const next = beside.find((one) => isThere(one) && within(one));
    if (next && row.hasAttribute("data-chosen")) next.setAttribute("data-chosen", "");
    const place = within(next) ?? within(around?.isConnected ? around : null) ?? within(document.querySelector("main"));
    place?.focus({ preventScroll: true });
  };
}
