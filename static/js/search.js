// What could be typed next in the search, as a list beneath its field: arrows choose, Tab or Enter
// takes, Escape closes. The server says what there is; without this script the field is a field.
const box = document.querySelector("[data-suggestions]");
const field = box?.querySelector("input");
const list = box?.querySelector("[role=listbox]");
let asked = 0;
let chosen = -1;

const options = () => [...list.children];

const close = () => {
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
};

const choose = (place) => {
  const all = options();
  chosen = (place + all.length) % all.length;
  all.forEach((each, number) => each.setAttribute("aria-selected", String(number === chosen)));
  field.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
};

const take = (option) => {
  field.value = option.dataset.line;
  field.setSelectionRange(option.dataset.cursor, option.dataset.cursor);
  field.focus();
  close();
  if (option.dataset.line.slice(0, option.dataset.cursor).endsWith(":")) suggest();
};

const suggest = async () => {
  const number = ++asked;
  const query = new URLSearchParams({ q: field.value, at: field.selectionStart });
  const answer = await fetch(`${box.dataset.suggestions}?${query}`);
  if (number !== asked || !answer.ok) return;
  list.innerHTML = await answer.text();
  close();
  if (!list.childElementCount || document.activeElement !== field) return;
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
};

if (field) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  close();
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 120);
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) suggest();
    if (list.hidden) return;
    const steps = { ArrowDown: chosen + 1, ArrowUp: chosen < 0 ? -1 : chosen - 1 };
    if (event.key in steps) choose(steps[event.key]);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(options()[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
}
