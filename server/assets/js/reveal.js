// A masked value is shown whole where it stands, for a minute.

const LASTS = 60_000;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-reveal]") || event.defaultPrevented) return;
  event.preventDefault();
  const place = form.closest("details");
  const address = new URL(form.action);
  address.searchParams.set("fragment", "1");
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const shown = document.createElement("div");
    shown.className = "revealed";
    shown.role = "status";
    shown.innerHTML = await answer.text();
    place.querySelector(".revealed")?.remove();
    place.append(shown);
    form.reset();
    setTimeout(() => shown.remove(), LASTS);
  } catch {
    form.submit();
  }
});
