// To whom a message goes: customers are offered while somebody types a name or an address.

const list = document.createElement("datalist");
list.id = "people-offered";
let waiting = 0;
let running;

async function offer(field) {
  const at = Math.max(field.value.lastIndexOf(","), field.value.lastIndexOf(";")) + 1;
  const [before, typed] = [field.value.slice(0, at), field.value.slice(at).trim()];
  if (typed.length < 2 || typed.includes(">")) return list.replaceChildren();
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(`/v1/profiles?${new URLSearchParams({ q: typed, limit: 8 })}`, { signal: running.signal });
    if (!answer.ok || answer.redirected) return;
    const { items = [] } = await answer.json();
    // Whose address is covered from whoever looks cannot be written to by it.
    const known = items.filter((one) => one.email?.includes("@") && !one.email.includes("•"));
    list.replaceChildren(...known.map((one) => {
      const name = one.name && one.name !== one.email ? `"${one.name.replace(/["\\<>]/g, "")}" <${one.email}>` : one.email;
      return Object.assign(document.createElement("option"), { value: `${before}${before && " "}${name}` });
    }));
  } catch {
    // Nothing is offered; an address can be typed all the same.
  }
}

for (const field of document.querySelectorAll("form[data-draft] :is(input[name=to], input[name=cc])")) {
  document.body.append(list);
  field.setAttribute("list", list.id);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(field), 150);
  });
}
