// Explanations close by Escape and by a click elsewhere; opening one closes the others.
const open = () => document.querySelectorAll("details.why-box[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const box of open()) {
    box.open = false;
    box.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const box of open()) if (!box.contains(event.target)) box.open = false;
});
