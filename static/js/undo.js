// The Undo buttons count their seconds down and go once their time is over, a toast with its own.
// Without this script the toast leaves by its style sheet and the server refuses what is too late.
for (const form of document.querySelectorAll("form[data-undo-for]")) {
  const until = performance.now() + Number(form.dataset.undoFor) * 1000;
  const toast = form.closest(".toast");
  const left = document.createElement("span");
  left.className = "undo-left";
  left.setAttribute("aria-hidden", "true");
  form.querySelector("button").append(left);
  toast?.classList.add("is-counted");

  const tick = () => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds <= 0) {
      (toast ?? form).remove();
      return;
    }
    left.textContent = ` ${seconds} s`;
    setTimeout(tick, 250);
  };
  form.addEventListener("submit", () => left.remove());
  tick();
}
