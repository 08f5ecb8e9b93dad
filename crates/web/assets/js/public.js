// Comforts for the public pages. Every page does its whole job without this file.
(() => {
  "use strict";
  const say = document.documentElement.dataset;
  const form = document.getElementById("question");

  // After an error the summary is heard first; otherwise the question is.
  const summary = document.getElementById("problems");
  if (summary) summary.focus();

  // A second tap on "Send" must not look like a second report.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.defaultPrevented) return;
    if (button.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
    button.setAttribute("aria-disabled", "true");
    window.addEventListener("pageshow", () => button.removeAttribute("aria-disabled"), { once: true });
  });

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-does]");
    if (asked && asked.dataset.does === "print") window.print();
  });
  for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;

  if (!form) return;
  const page = "tocsin:" + form.getAttribute("action");
  const texts = [...form.querySelectorAll("textarea, input[type=text]")];
  const notice = form.querySelector("[data-notice]");

  // Words are never lost: when the network is gone they stay on this device until they have been sent.
  const keep = () => {
    const kept = {};
    for (const field of texts) if (field.value !== field.defaultValue) kept[field.name] = field.value;
    try {
      if (Object.keys(kept).length) localStorage.setItem(page, JSON.stringify(kept));
      else localStorage.removeItem(page);
    } catch { /* a private window may refuse; the server's copy remains */ }
  };
  const tell = (words) => { if (notice) { notice.textContent = words; notice.hidden = !words; } };
  form.addEventListener("input", () => { if (!navigator.onLine) { keep(); tell(say.offline); } });
  window.addEventListener("offline", () => { keep(); tell(say.offline); });
  window.addEventListener("online", () => tell(""));
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) { try { localStorage.removeItem(page); } catch { /* nothing was kept */ } return; }
    event.preventDefault();
    keep();
    tell(say.offline);
    if (event.submitter) event.submitter.removeAttribute("aria-disabled");
  });
  try {
    const kept = JSON.parse(localStorage.getItem(page) || "null");
    if (kept) {
      for (const field of texts) if (typeof kept[field.name] === "string" && !field.value) field.value = kept[field.name];
      tell(say.restored);
    }
  } catch { /* nothing readable was kept */ }

  // A Social Security or card number is not needed: offer to hide it before it leaves the device.
  const secret = /\b\d{3}[- ]\d{2}[- ]\d{4}\b|\b(?:\d[ -]?){13,16}\b/;
  for (const field of form.querySelectorAll("[data-sensitive]")) {
    const box = document.getElementById(field.dataset.sensitive);
    if (!box) continue;
    const look = () => { box.hidden = !secret.test(field.value); };
    field.addEventListener("input", look);
    look();
    box.querySelector("button").addEventListener("click", () => {
      field.value = field.value.replace(new RegExp(secret, "g"), say.hiddenNumber);
      look();
      field.focus();
    });
  }

  // A file that is too large is named before minutes are spent on sending it.
  for (const chooser of form.querySelectorAll("input[type=file][data-limit]")) {
    const list = document.getElementById(chooser.dataset.list);
    chooser.addEventListener("change", () => {
      if (!list) return;
      list.textContent = "";
      for (const file of chooser.files) {
        const row = document.createElement("li");
        const size = Math.max(1, Math.round(file.size / 1e6));
        row.textContent = file.size > Number(chooser.dataset.limit) ? `${file.name} – ${say.tooBig}` : `${file.name} – ${size} MB`;
        list.append(row);
      }
    });
  }
})();
