// How far a bulk action is: asked again while it goes on.

const PAUSE = 700;

async function look() {
  const job = document.querySelector("#job[data-job]");
  if (!job) return;
  try {
    const answer = await fetch(`${job.dataset.job}?fragment=1`);
    if (!answer.ok || answer.redirected) return location.reload();
    job.outerHTML = await answer.text();
  } catch {
    // No connection: the next look may have one.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
