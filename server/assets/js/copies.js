// Copies an address or a number, and says so.

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copies);
  const { say } = await import(document.querySelector('script[src*="toast.js"]').src);
  say(button.dataset.copied);
});
