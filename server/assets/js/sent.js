// What was sent is no draft any more: the page that follows forgets what this browser kept of it.

const SENDING = "whom-sending";

/** Says which draft is on its way. */
export const sending = (key) => sessionStorage.setItem(SENDING, key);

const key = sessionStorage.getItem(SENDING);
sessionStorage.removeItem(SENDING);
if (key && document.querySelector("[data-sent]")) localStorage.removeItem(key);
