// Keeps the list fresh. Everything on the pages works without it.
const count = document.getElementById("count");
const AT_LEAST_MS = 1000;
const AFTER_TROUBLE_MS = 5000;

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Somebody who has scrolled, stepped to another page or holds a row by keyboard must not lose the place. */
function isReading() {
  const onLaterPage = Number(new URLSearchParams(location.search).get("page") ?? 1) > 1;
  return onLaterPage || window.scrollY > 40 || document.activeElement?.closest("#messages") !== null;
}

async function showFresh() {
  const response = await fetch(location.href);
  if (!response.ok) throw new Error(`The list answered ${response.status}`);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const freshCount = fresh.getElementById("count");
  count.dataset.newest = freshCount.dataset.newest;
  count.textContent = freshCount.textContent;
  const reading = isReading();
  document.getElementById("news").hidden = !reading;
  if (!reading) document.getElementById("messages").replaceWith(fresh.getElementById("messages"));
}

async function follow() {
  const q = new URLSearchParams(location.search).get("q") ?? "";
  while (true) {
    try {
      const query = new URLSearchParams({ after: count.dataset.newest, q });
      const response = await fetch(`/api/messages/wait?${query}`);
      if (response.status === 200) await showFresh();
      else if (response.status !== 408) throw new Error(`Waiting answered ${response.status}`);
      await pause(AT_LEAST_MS);
    } catch (error) {
      console.warn("Mailbox is not reachable, trying again.", error);
      await pause(AFTER_TROUBLE_MS);
    }
  }
}

if (count) follow();
