// Passkeys: asks the browser for one, and sends its answer with the form it belongs to. Without script, or in a browser
// that has no passkeys, the forms stay hidden and the page says what to use instead.
(() => {
  "use strict";
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length || !window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

  const begin = async (form) => {
    const fields = new URLSearchParams();
    for (const name of ["way", "act"]) {
      const field = form.elements.namedItem(name);
      if (field) fields.set(name, field.value);
    }
    const answer = await fetch(form.dataset.begin, { method: "POST", body: fields, redirect: "error" });
    if (!answer.ok) throw new Error("begin");
    const { way, options } = await answer.json();
    const asked = options.publicKey;
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    for (const known of [...(asked.excludeCredentials || []), ...(asked.allowCredentials || [])]) known.id = bytes(known.id);
    return { way, asked };
  };

  const told = (made) => {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    if (made.response.attestationObject) {
      response.attestationObject = text(made.response.attestationObject);
    } else {
      response.authenticatorData = text(made.response.authenticatorData);
      response.signature = text(made.response.signature);
      if (made.response.userHandle) response.userHandle = text(made.response.userHandle);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, extensions: {} });
  };

  for (const form of forms) {
    const trouble = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      trouble.hidden = true;
      try {
        const { way, asked } = await begin(form);
        const making = form.dataset.passkey === "make";
        const made = await navigator.credentials[making ? "create" : "get"]({ publicKey: asked });
        form.elements.namedItem("way").value = way;
        form.elements.namedItem("credential").value = told(made);
        form.submit();
      } catch (why) {
        trouble.textContent =
          why.name === "SecurityError"
            ? "This browser takes passkeys only at the address of this site as it was set up."
            : "The browser gave no passkey. Try again, or use another way.";
        trouble.hidden = false;
      }
    });
  }
  for (const words of document.querySelectorAll("[data-without-passkey]")) words.hidden = true;
})();
