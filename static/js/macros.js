// Find a macro by typing; the list is whole without this script.
const box = document.querySelector("[data-find]");
if (box) {
  const input = box.querySelector("input");
  const items = [...document.querySelectorAll("[data-found] > li")];
  const none = document.querySelector("[data-none]");
  box.hidden = items.length < 2;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
    none.hidden = items.some((item) => !item.hidden);
  });
  input.addEventListener("keydown", (event) => {
    const first = items.find((item) => !item.hidden);
    if (event.key !== "Enter" || !first) return;
    event.preventDefault();
    first.querySelector("a").click();
  });
  if (!box.hidden) input.focus();
}
