// What is long is fetched when somebody unfolds it; without this, the link inside opens it as a page.

document.addEventListener(
  "toggle",
  async (event) => {
    const link = event.target.open ? event.target.querySelector("a[data-fragment]") : null;
    if (!link) return;
    const place = link.parentElement;
    const address = new URL(link.href);
    address.searchParams.set("fragment", "1");
    place.ariaBusy = "true";
    try {
      const answer = await fetch(address);
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      place.innerHTML = await answer.text();
    } catch {
      link.removeAttribute("data-fragment");
    }
    place.ariaBusy = "false";
  },
  true,
);
