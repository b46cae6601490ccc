// The keyboard: "/" searches, "g c" opens the customers, "?" shows what there is.

const help = document.querySelector("dialog[data-help]");
let before = "";

const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const pressed = event.key;
  if (pressed === "/") {
    event.preventDefault();
    const field = document.querySelector("main input[type=search]") ?? document.querySelector("input[type=search]");
    field?.focus();
    field?.select();
  } else if (pressed === "?") {
    help?.showModal();
  } else if (before === "g" && pressed === "c") {
    location.assign("/customers");
  }
  before = pressed;
});

for (const opener of document.querySelectorAll("[data-open-help]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => help?.showModal());
}
