/* What was typed and not saved yet, kept in this browser by page and version. */

const form = document.getElementById("text");
const page = `draft:${form.dataset.page}:`;
const version = () => form.elements.based_on.value;
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(page));

/** Keep the lines, or forget them when there is nothing unsaved (null). */
export function keep(lines) {
  if (lines) localStorage.setItem(page + version(), JSON.stringify({ lines, isSent: false }));
  else localStorage.removeItem(page + version());
}

/** Remember that the draft was sent: once the page shows a newer version, it is done with. */
export function markSent() {
  const kept = localStorage.getItem(page + version());
  if (kept) localStorage.setItem(page + version(), JSON.stringify({ ...JSON.parse(kept), isSent: true }));
}

/** Return a draft left on this page, {version, lines}, or null; drafts that arrived are cleared away. */
export function find() {
  const left = keys().map((key) => ({ key, version: key.slice(page.length), ...JSON.parse(localStorage.getItem(key)) }));
  left.filter((draft) => draft.isSent && draft.version !== version()).forEach((draft) => localStorage.removeItem(draft.key));
  return left.find((draft) => !draft.isSent || draft.version === version()) ?? null;
}

/** Forget every draft of this page. */
export function forget() {
  keys().forEach((key) => localStorage.removeItem(key));
}
