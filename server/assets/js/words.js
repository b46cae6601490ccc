// What scripts say; it stands with all other words of the pages, on the server.

export const words = JSON.parse(document.querySelector("meta[name=whom-words]")?.content ?? "{}");

/** One of them, with what stands in braces filled in. */
export const word = (name, parts = {}) => (words[name] ?? name).replace(/\{(\w+)\}/g, (_, part) => parts[part] ?? "");
