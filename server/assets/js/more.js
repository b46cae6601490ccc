// "Load more" and "Older": puts the next page under this one instead of opening it.

async function load(link) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = document.createElement("template");
    page.innerHTML = await answer.text();
    const place = link.closest("[data-more-place]");
    const list = place.parentElement;
    // A heading that already stands above is not said again.
    const last = [...list.querySelectorAll("[data-once]")].at(-1);
    const first = page.content.querySelector("[data-once]");
    if (last && first && last.dataset.once === first.dataset.once) first.remove();
    const added = page.content.querySelector("a[href]");
    place.replaceWith(page.content);
    watch(list);
    if (document.activeElement === document.body) added?.focus({ preventScroll: true });
  } catch {
    // The link still works as a link.
    link.ariaBusy = "false";
    link.removeAttribute("data-more");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  load(link);
});

const nearing = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => load(entry.target)),
  { rootMargin: "600px" },
);

function watch(part) {
  for (const link of part.querySelectorAll('a[data-more="by-itself"]')) nearing.observe(link);
}

watch(document);
document.addEventListener("whom:more", () => watch(document));
