// What is typed in a composer is kept on the server a moment after the last key, and when the page
// goes out of sight. Without this script its button does, and everything else that leaves the page.
const WAIT_MS = 1200;

const start = (form) => {
  const text = form.querySelector("textarea");
  const says = form.querySelector("[data-draft-says]");
  const discard = form.querySelector("[data-discard]");
  let timer = 0;
  let isSending = false;
  const state = () => `${form.elements.namedItem("macro")?.checked ?? ""}|${text.value}`;
  let kept = state();

  const keep = async ({ leaving = false } = {}) => {
    clearTimeout(timer);
    const now = state();
    if (isSending || now === kept) return;
    kept = now;
    const data = new FormData(form);
    data.delete("files");
    data.set("quietly", "1");
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: leaving });
      if (!answer.ok) throw new Error(answer.statusText);
      says.textContent = await answer.text();
      discard.hidden = !says.textContent;
    } catch {
      kept = null;
      says.textContent = says.dataset.failed;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    isSending = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep({ leaving: true });
  });
  window.addEventListener("pagehide", () => keep({ leaving: true }));
  window.addEventListener("pageshow", () => { isSending = false; });
};

document.querySelectorAll("form[data-draft]").forEach(start);
