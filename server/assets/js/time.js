// Tells the server which time zone this is, and keeps "5 min ago" true while the page is open.

import { word } from "./words.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const kept = document.cookie.split("; ").find((pair) => pair.startsWith("whom_zone="));

if (zone && kept !== `whom_zone=${zone}`) {
  document.cookie = `whom_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
  // Only the very first page was made without knowing; the next ones are right from the start.
  const isFirst = !kept && document.cookie.includes("whom_zone=") && !document.querySelector("form[data-login]");
  if (isFirst && document.documentElement.dataset.zone !== zone) location.reload();
}

// The digits are those in which the server wrote the rest of the page.
const digits = new Intl.NumberFormat(document.documentElement.dataset.locale);

const ago = (minutes) =>
  minutes < 1 ? word("just_now") : minutes < 60 ? word("minutes_ago", { n: digits.format(minutes) }) : word("hours_ago", { n: digits.format(Math.floor(minutes / 60)) });

function tell() {
  for (const time of document.querySelectorAll('time[data-show="ago"]')) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
    if (minutes >= 0 && minutes < 1440) time.textContent = ago(minutes);
  }
}

setInterval(tell, 60000);
