// Take the Undo buttons away once their time is over. Without this script the server refuses.
for (const form of document.querySelectorAll("form[data-undo-for]")) {
  setTimeout(() => form.remove(), Number(form.dataset.undoFor) * 1000);
}
