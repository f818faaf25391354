// Passkeys: asks the site what is wanted, lets the browser ask the person, and sends the answer in the form.
"use strict";

const SAYS = {
  NotAllowedError: "It was not confirmed, or took too long. Try again.",
  InvalidStateError: "This device holds a passkey for you here already.",
  SecurityError: "Passkeys do not work at this address. Open the site by its name, over https.",
};

function toBytes(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readOptions(options) {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (options[name]) read[name] = options[name].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return read;
}

function writeAnswer(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toText(response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(form) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("purpose", form.dataset.passkey);
  const answer = await fetch(form.dataset.options, { method: "POST", body, headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message ?? "Begin again at the sign-in page.");
  const publicKey = readOptions(said.publicKey);
  const making = form.dataset.passkey === "add";
  return making ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const says = form.querySelector(".ros-passkey__says");
      says.textContent = "Confirm it with your device or key.";
      try {
        form.elements.answer.value = writeAnswer(await ask(form));
        form.submit();
      } catch (problem) {
        says.textContent = SAYS[problem.name] ?? problem.message;
      }
    });
  }
  for (const without of document.querySelectorAll(".ros-passkey__without")) without.hidden = true;
});
