// Keeps a page up to date: on "update" events it fetches the page again and swaps what changed.
"use strict";
(() => {
  const MIN_GAP_MS = 2000;
  const GIVE_UP_FETCH_MS = 15000;
  // Without a word from the stream for so long, the page is fetched all the same.
  const SILENCE_MS = 30000;
  const status = document.getElementById("live");
  const state = document.getElementById("live-state");
  let fresh = Date.now();
  let connected = false;
  let wanted = false;
  let busy = false;
  let timer = null;
  let lastFetch = 0;
  let fetchProblem = "";
  let streamProblem = "";

  function age() {
    const seconds = Math.round((Date.now() - fresh) / 1000);
    return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
  }

  function show() {
    // A lost stream alone is told once what is shown has grown old; fetching may still work.
    const old = Date.now() - fresh > 1.5 * SILENCE_MS;
    const problem = fetchProblem || (old ? streamProblem || "The server says nothing." : "");
    document.body.classList.toggle("stale", Boolean(problem));
    const text = problem ? `${problem} What you see is ${age()} old.` : "";
    if (status.textContent !== text) status.textContent = text;
    status.hidden = !problem;
    state.textContent = problem ? "· not live" : `· ${connected ? "live" : "no live stream, trying again"}, fetched ${age()} ago`;
  }

  /** True while swapping would take something out of the reader's hands. */
  function inUse() {
    const active = document.activeElement;
    const typing = active && active.closest("main") && active.matches("input, textarea, select");
    // What was typed and not yet sent would be lost, and so would a click that is under way.
    const typed = [...document.querySelectorAll("main input, main textarea")].some((field) => field.value !== field.defaultValue);
    const chosen = [...document.querySelectorAll("main select")].some((field) => {
      const first = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(0, first);
    });
    const selection = document.getSelection();
    return document.hidden || typing || typed || chosen || (selection && !selection.isCollapsed);
  }

  function want() {
    wanted = true;
    plan(Math.max(0, lastFetch + MIN_GAP_MS - Date.now()));
  }

  function plan(delay) {
    if (timer === null) timer = setTimeout(refresh, delay);
  }

  async function refresh() {
    timer = null;
    if (!wanted || busy) return;
    if (inUse()) {
      plan(1000);
      return;
    }
    wanted = false;
    busy = true;
    lastFetch = Date.now();
    try {
      const response = await fetch(location.href, {
        headers: { Accept: "text/html" },
        credentials: "same-origin",
        signal: AbortSignal.timeout(GIVE_UP_FETCH_MS),
      });
      if (response.redirected && new URL(response.url).pathname !== location.pathname) {
        fetchProblem = "You are signed out; reload the page.";
      } else if (!response.ok) {
        fetchProblem = `The server answers ${response.status}.`;
      } else {
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        fetchProblem = "";
        // Somebody may have begun to type while the page was fetched.
        if (inUse()) {
          wanted = true;
        } else {
          swap(page);
          fresh = Date.now();
        }
      }
    } catch {
      fetchProblem = "Connection lost, trying again.";
      wanted = true;
    } finally {
      busy = false;
    }
    show();
    if (wanted) plan(fetchProblem ? 5000 : MIN_GAP_MS);
  }

  /** Where an element is: by its id, or by its place among its kind. */
  function place(element, kind) {
    return element.id ? `#${CSS.escape(element.id)}` : [...document.querySelectorAll(kind)].indexOf(element);
  }

  function find(where, kind) {
    return typeof where === "string" ? document.querySelector(where) : document.querySelectorAll(kind)[where];
  }

  function swap(page) {
    const scrolled = [...document.querySelectorAll(".scroll, .logs")].map((box) => [box.scrollLeft, box.scrollTop]);
    const open = [...document.querySelectorAll("main details")].map((details) => details.open);
    const kind = "main a, main button, main summary, main [tabindex]";
    const active = document.activeElement;
    const focus = active && active !== document.body && active.matches(kind) ? place(active, kind) : null;
    const y = window.scrollY;
    for (const id of ["main", "nav", "notice-slot"]) {
      const now = document.getElementById(id);
      const next = page.getElementById(id);
      if (now && next && now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
    }
    const asOf = document.querySelector(".bottom time");
    const nextAsOf = page.querySelector(".bottom time");
    if (asOf && nextAsOf) asOf.replaceWith(nextAsOf);
    document.title = page.title;
    document.querySelectorAll("main details").forEach((details, i) => (details.open = open[i] || false));
    document.dispatchEvent(new CustomEvent("tidemark:swapped"));
    document.querySelectorAll(".scroll, .logs").forEach((box, i) => {
      if (scrolled[i]) [box.scrollLeft, box.scrollTop] = scrolled[i];
    });
    window.scrollTo({ top: y, behavior: "instant" });
    if (focus !== null) find(focus, kind)?.focus({ preventScroll: true });
  }

  const source = new EventSource("/api/v1/stream");
  source.addEventListener("open", () => {
    // Something may have happened while nobody listened.
    if (!connected) want();
    connected = true;
    streamProblem = "";
    show();
  });
  source.addEventListener("update", want);
  source.addEventListener("error", () => {
    connected = false;
    streamProblem =
      source.readyState === EventSource.CLOSED
        ? "Live updates were refused; reload the page."
        : "The live stream is lost, trying again.";
    want();
    show();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && wanted) plan(0);
  });
  setInterval(() => {
    if (Date.now() - Math.max(fresh, lastFetch) > SILENCE_MS) want();
    show();
  }, 5000);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => {
    // Back from the browser's cache with a closed stream: start over.
    if (event.persisted) location.reload();
  });
  show();
})();
