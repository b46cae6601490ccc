// A link that shows the same message in another shape: puts it in the place of the one that stands there.

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-swap]");
  const place = link?.closest("[data-swapped]");
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  place.ariaBusy = "true";
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = document.createElement("template");
    page.innerHTML = await answer.text();
    const next = page.content.querySelector("[data-swapped]");
    place.replaceWith(next);
    // Whoever came with the keyboard stays where they were.
    next.querySelector("a[data-swap]")?.focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
});
