// The console works by links and forms alone. This adds: numbers that reload by themselves, a button that copies, and a question before
// what can't be taken back.
(() => {
  "use strict";

  // An element with data-live="address" is fetched anew every few seconds while somebody looks; the same as before is a 304 without bytes.
  for (const part of document.querySelectorAll("[data-live]")) {
    let tag = "";
    const pause = Number(part.dataset.every || 5) * 1000;
    const load = async () => {
      if (document.visibilityState === "visible" && !part.contains(document.activeElement)) {
        try {
          const answer = await fetch(part.dataset.live, {
            headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "error",
          });
          if (answer.status === 200) {
            tag = answer.headers.get("ETag") || "";
            part.innerHTML = await answer.text();
          }
          part.classList.toggle("stale", answer.status >= 400);
        } catch {
          part.classList.add("stale");
        }
      }
      setTimeout(load, pause);
    };
    setTimeout(load, pause);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) {
      return;
    }
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = "Copied";
  });
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
  }

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.ask || event.target.dataset.ask;
    if (question && !confirm(question)) {
      event.preventDefault();
      return;
    }
    // Once is enough: the buttons rest after the form's fields were taken, and are back where the page is shown from the browser's memory.
    setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", () => document.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; }));

  // A select or a date that filters a list applies at once; without this script its button does.
  for (const form of document.querySelectorAll("form[data-filter]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
})();
