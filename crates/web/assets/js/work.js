// Comforts for signed-in pages; each has a button that does the same without script.
(() => {
  "use strict";
  const summary = document.getElementById("problems");
  if (summary) summary.focus();

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-does]");
    if (asked && asked.dataset.does === "print") window.print();
    for (const menu of document.querySelectorAll(".person[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // What a link points at is opened, so that a place on the page is never hidden behind a closed summary.
  const reveal = () => {
    const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const box = place.matches("details") ? place : place.querySelector(":scope > .what > details.prove");
    if (box) {
      box.open = true;
      const field = box.querySelector("textarea, input:not([type=hidden]), select");
      if (field) field.focus({ preventScroll: true });
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  // A decision can be taken back for as long as the page says; then the button goes.
  for (const form of document.querySelectorAll("[data-until]")) {
    setTimeout(() => form.remove(), Number(form.dataset.until) * 1000);
  }

  // A second click sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });

  // Large files show how far they are; without script the browser's own bar does.
  const arm = () => {
    for (const form of document.querySelectorAll("[data-sends]")) form.addEventListener("submit", send);
  };
  const send = (event) => {
    const form = event.target;
    const chosen = form.querySelector("input[type=file]");
    if (event.defaultPrevented || !chosen.files.length) return;
    event.preventDefault();
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    bar.setAttribute("aria-label", "Sending");
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    told.textContent = "Sending…";
    const button = form.querySelector("button");
    button.disabled = true;
    form.append(bar, told);
    const sender = new XMLHttpRequest();
    const ended = (words) => {
      bar.remove();
      told.textContent = words;
      button.disabled = false;
    };
    sender.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
    });
    sender.upload.addEventListener("load", () => (told.textContent = "Sealing…"));
    sender.addEventListener("error", () => ended("The line broke before everything had arrived. Send the files again."));
    sender.addEventListener("load", () => {
      if (sender.status < 400) {
        const next = new URL(sender.responseURL);
        const here = location.pathname + location.search === next.pathname + next.search;
        next.hash = "documents";
        // An address that differs in nothing but its place would only be scrolled to.
        if (here) location.reload();
        else location.assign(next);
        return;
      }
      const answer = new DOMParser().parseFromString(sender.responseText, "text/html");
      document.title = answer.title;
      document.getElementById("main").replaceWith(answer.getElementById("main"));
      const problems = document.getElementById("problems");
      if (problems) problems.focus();
      arm();
    });
    sender.open("POST", form.action);
    sender.send(new FormData(form));
  };
  arm();

  // Counters of boxes that have a limit on paper.
  for (const field of document.querySelectorAll("[data-fits]")) {
    const told = document.getElementById(field.dataset.fits);
    const most = Number(field.dataset.most);
    const say = () => {
      const length = [...field.value].length;
      told.textContent = length <= most ? `fits the box, ${length} of ${most}` : `${length - most} over ${most}: the rest prints on a continuation sheet`;
    };
    field.addEventListener("input", say);
  }

  const list = document.querySelector("[data-inbox]");
  const pane = document.getElementById("preview");
  const rows = list ? [...list.tBodies[0].rows] : [];
  const here = () => rows.findIndex((row) => row.classList.contains("here"));
  const wide = () => pane && getComputedStyle(pane).display !== "none";

  const hold = (at) => {
    const row = rows[at];
    if (!row) return;
    for (const other of rows) {
      other.classList.toggle("here", other === row);
      other.toggleAttribute("aria-current", other === row);
      if (other === row) other.setAttribute("aria-current", "true");
    }
    row.querySelector(".row-link").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    if (wide() && window.htmx) window.htmx.ajax("GET", row.dataset.preview, { target: "#preview", swap: "innerHTML" });
    history.replaceState(null, "", row.dataset.hold);
  };
  if (list) {
    list.addEventListener("click", (event) => {
      if (event.target.closest("a, button") || !wide()) return;
      const row = event.target.closest("tbody tr");
      if (row) hold(rows.indexOf(row));
    });
  }

  // A call: what to say follows what was ticked; digits tick, Ctrl+Enter files.
  const call = document.getElementById("call");
  if (call) {
    call.addEventListener("change", (event) => {
      if (!window.htmx || !["happened", "going-on", "unit", "involved"].includes(event.target.name)) return;
      const values = {};
      for (const [name, value] of new FormData(call)) (values[name] ??= []).push(value);
      window.htmx.ajax("POST", "/intake", { values: { ...values, then: "look" }, target: "#say", select: "#say", swap: "outerHTML" });
    });
    call.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) call.querySelector("[data-files]").click();
    });
    document.addEventListener("keydown", (event) => {
      const box = !typing(event.target) && call.querySelector(`[data-digit="${CSS.escape(event.key)}"]`);
      if (box) box.click();
    });
  }

  const typing = (at) => at.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const search = document.getElementById("search");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    if (rows.length && (event.key === "j" || event.key === "k")) {
      hold(Math.min(rows.length - 1, Math.max(0, here() + (event.key === "j" ? 1 : -1))));
      return;
    }
    const keyed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (keyed) {
      event.preventDefault();
      keyed.click();
    }
  });
})();
