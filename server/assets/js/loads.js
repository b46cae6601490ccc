// Parts of the page that are fetched after it is there, such as the cards of plugins: the page never waits for them.

async function load(place) {
  const address = new URL(place.dataset.loads, location.href);
  address.searchParams.set("fragment", "1");
  place.removeAttribute("data-loads");
  place.ariaBusy = "true";
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    place.innerHTML = await answer.text();
  } catch {
    // The link inside stays, and leads to the card as a page.
  }
  place.ariaBusy = "false";
}

// Only what is looked at: on a telephone the pane may never be opened.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    load(target);
  }
});

const watch = () => document.querySelectorAll("[data-loads]").forEach((place) => seen.observe(place));

document.addEventListener("whom:refreshed", watch);
watch();
