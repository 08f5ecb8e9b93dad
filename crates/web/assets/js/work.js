// Comforts for signed-in pages; each has a button that does the same without script.
(() => {
  "use strict";
  const summary = document.getElementById("problems");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-does]");
    if (asked && asked.dataset.does === "print") window.print();
  });
})();
