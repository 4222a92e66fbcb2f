// Adds "Run again" to the pages of a served report, and shows how far a run is. The page on disk has none of this.
(() => {
  "use strict";
  const send = (path, body) => fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).then(async answer => { if (!answer.ok) say(await answer.text(), true); }, () => say("The server does not answer.", true));

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const panel = element("section", "rk-serve");
  panel.setAttribute("aria-label", "Run");
  const text = element("span", "rk-serve-text");
  text.setAttribute("role", "status");
  const bar = element("progress", "rk-serve-bar");
  const stop = element("button", "rk-serve-button", "Cancel");
  stop.type = "button";
  stop.addEventListener("click", () => { stop.disabled = true; send("/-/cancel", {}); });
  panel.append(text, bar, stop);
  panel.hidden = true;
  document.body.append(panel);

  const buttons = [];
  const button = (label, description, notebooks) => {
    const made = element("button", "rk-serve-button", label);
    made.type = "button";
    made.setAttribute("aria-label", description);
    made.addEventListener("click", () => send("/-/run", { notebooks }));
    buttons.push(made);
    return made;
  };

  function say(message, bad) {
    panel.hidden = false;
    bar.hidden = stop.hidden = true;
    text.textContent = message;
    panel.classList.toggle("bad", bad);
  }

  const rows = document.querySelectorAll("tr[data-notebook]");
  for (const row of rows) {
    const name = row.dataset.notebook;
    row.lastElementChild.append(button("Run again", "Run " + name + " again", [name]));
  }
  if (rows.length > 0) {
    document.querySelector(".verdict")?.after(button("Run all again", "Run all notebooks again", []));
  } else {
    const page = decodeURIComponent(location.pathname).match(/^\/(.+)\.html$/);
    document.querySelector("header.bar")?.append(button("Run again", "Run this notebook again", [page ? page[1] : ""]));
  }

  let before = null;
  const note = "rk-serve-message";
  const kept = sessionStorage.getItem(note);
  if (kept) {
    sessionStorage.removeItem(note);
    say(kept, true);
  }

  const events = new EventSource("/-/events");
  events.onmessage = event => {
    const state = JSON.parse(event.data);
    if (before !== null && state.finished > before) {
      if (state.message) sessionStorage.setItem(note, state.message);
      events.close();
      location.reload();
      return;
    }
    before = state.finished;
    for (const made of buttons) made.disabled = state.running;
    if (!state.running) return;
    panel.hidden = bar.hidden = stop.hidden = false;
    panel.classList.remove("bad");
    const cells = state.cells > 0 ? `cell ${state.cell} of ${state.cells}` : "starting";
    text.textContent = `${state.count > 1 ? `${state.position} of ${state.count}: ` : ""}${state.notebook ?? ""}, ${cells}, ${Math.round(state.seconds)} s`;
    if (state.cells > 0) {
      bar.max = state.cells;
      bar.value = state.cell - 1;
    } else {
      bar.removeAttribute("value");
    }
  };
  // The browser tries again by itself; a server that is gone for good is worth a word.
  events.onerror = () => {
    for (const made of buttons) made.disabled = true;
    say("The server has stopped: start researchkit serve again and open the address that it prints.", true);
  };
  events.onopen = () => {
    if (!kept) panel.hidden = true;
  };
})();
