// Finds in a list as you type: what does not fit is hidden, and groups open where something fits.

for (const field of document.querySelectorAll("input[data-filters]")) {
  const list = document.querySelector(`[data-filtered="${field.id}"]`);
  const none = document.querySelector(`[data-filtered-none="${field.id}"]`);
  const items = [...(list?.querySelectorAll("[data-text]") ?? [])];

  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (item) => words.every((word) => item.dataset.text.toLowerCase().includes(word));
    let found = 0;
    for (const item of items) {
      const is = fits(item);
      found += is;
      item.closest("li").hidden = !is;
    }
    for (const group of list.querySelectorAll("li:has(> details)")) {
      group.hidden = !group.querySelector("li:not([hidden])");
      if (words.length) group.firstElementChild.open = true;
    }
    if (none) none.hidden = found > 0;
  };

  field.addEventListener("input", filter);
  field.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("li:not([hidden]) > a")?.click();
  });
}
