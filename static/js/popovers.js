// What opens behind a word closes by Escape, by a click elsewhere, and when another one opens.
const boxes = "details.why-box, details.menu, details.subjects";
const open = () => [...document.querySelectorAll(boxes)].filter((box) => box.open);

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
