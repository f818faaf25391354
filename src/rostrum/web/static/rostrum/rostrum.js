// Small helps for pages that work without them: copying ids, leaving after a change, sending once.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-copied");
  button.firstChild.textContent = "Copied";
  setTimeout(() => { button.firstChild.textContent = "Copy"; button.classList.remove("is-copied"); }, 2000);
});

function showCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

// A second click must not look as if the first had not counted. The server makes sure of it by the request token.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 8000);
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// What happened is read first: focus goes to the errors of a form that came back, else to what an act came to.
document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  const told = document.querySelector(".ros-error-summary") || document.querySelector(".ros-messages");
  if (told) { told.tabIndex = -1; told.focus(); }
});
document.addEventListener("htmx:after:swap", (event) => showCopyButtons(event.target));

// A check while writing asks of which kind a file is; the file itself is sent when the post is saved.
document.addEventListener("htmx:config:request", (event) => {
  if (!event.target.hasAttribute?.("data-files-by-type")) return;
  const body = event.detail.ctx.request.body;
  for (const [name, value] of [...body]) {
    if (value instanceof File && value.size) body.set(name, new File([" "], value.name, { type: value.type }));
  }
});
