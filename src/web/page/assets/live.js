// Keeps the page up to date: whenever the server says that something changed, and once a minute for what time changes, the
// page is fetched again and the sections that differ are put in place. And puts the command of a link into the clipboard.

const main = document.getElementById("main");
const status = document.getElementById("live");
const MINUTE = 60_000;
const PATIENCE = 5_000;

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  // Signed out meanwhile, or the repository is not shown any more: the page itself says so.
  if (response.status === 401 || response.status === 404) return location.reload();
  if (!response.ok) throw new Error(`the page was answered ${response.status}`);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
  if (fresh === null) return;
  const before = headline();
  replaceChildren(main, fresh);
  const after = headline();
  if (before !== after) say(`Live: ${after}`);
  else if (!status.textContent.startsWith("Live")) say("Live");
}

/** Puts in place what differs, child by child, so that what a person reads or has focused stays where it is. */
function replaceChildren(old, fresh) {
  if (old.childElementCount !== fresh.childElementCount) return swap(() => old.replaceChildren(...fresh.childNodes));
  for (const [index, child] of [...fresh.children].entries()) {
    const present = old.children[index];
    if (!present.isEqualNode(child)) swap(() => present.replaceWith(child));
  }
}

/** Whoever had focused a link finds it focused again. */
function swap(change) {
  const address = document.activeElement?.getAttribute("href");
  const command = document.activeElement?.getAttribute("data-command");
  change();
  if (document.activeElement !== document.body || address == null) return;
  const links = [...main.querySelectorAll("a")];
  const same = links.find((link) =>
    command ? link.dataset.command === command : link.getAttribute("href") === address,
  );
  same?.focus({ preventScroll: true });
}

function headline() {
  return main.querySelector("h1")?.textContent ?? "";
}

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

let isRefreshing = false;
let isAskedAgain = false;

async function refreshOnce() {
  isAskedAgain = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (isAskedAgain) {
    isAskedAgain = false;
    try {
      await refresh();
    } catch {
      say("Not up to date: the page could not be read again");
    }
  }
  isRefreshing = false;
}

if (main?.dataset.changes) {
  const changes = new EventSource(main.dataset.changes);
  // A stream ends once a minute and is begun anew: only what stays away is told of.
  let away = 0;
  changes.addEventListener("open", () => {
    clearTimeout(away);
    away = 0;
    say("Live");
    // What happened before the stream began was told to nobody.
    refreshOnce();
  });
  changes.addEventListener("change", refreshOnce);
  changes.addEventListener("error", () => {
    away ||= setTimeout(() => say("Not live: trying again"), PATIENCE);
    if (changes.readyState === EventSource.CLOSED) refreshOnce();
  });
  setInterval(refreshOnce, MINUTE);
}

document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-command]") : null;
  if (link === null) return;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (isPlain) event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.dataset.command);
    say(`Copied: ${link.dataset.command}`);
  } catch {
    // Without the clipboard the command is still there to be read and typed.
  }
  if (isPlain) location.assign(link.href);
});
