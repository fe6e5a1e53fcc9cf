// The editor of agreements: each part is saved a moment after the last key, what is wrong appears at
// its field and at the side, rows come and go without the page. One save at a time, so that none
// overtakes another. Without this script every part has its button and the page is drawn anew.
const WAIT_MS = 1000;
const page = document.querySelector("[data-editor]");
const side = document.querySelector("[data-side]");
const grows = CSS.supports("field-sizing", "content");
const waiting = new Map();
let line = Promise.resolve();
let unsaved = new Set();

const fit = (box) => {
  if (grows || box.tagName !== "TEXTAREA") return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
};

const say = (form, words) => {
  const place = form.querySelector("[data-says]");
  if (place) place.textContent = words;
};

const paragraph = (words) => {
  const made = document.createElement("p");
  made.className = "error";
  made.textContent = words;
  return made;
};

// Put the sentences beside the fields of a part, and take away those that no longer hold.
const show = (form, faults) => {
  for (const old of form.querySelectorAll(".e-says > .error")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const [id, sentences] of Object.entries(faults)) {
    const field = document.getElementById(id);
    if (!sentences.length || !field || !form.contains(field) || field === form) continue;
    let place = document.getElementById(`${id}-says`);
    if (!place) {
      place = document.createElement("div");
      place.className = "e-says";
      place.id = `${id}-says`;
      field.after(place);
    }
    if (field.matches("input, select, textarea")) {
      field.setAttribute("aria-invalid", "true");
      const by = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      field.setAttribute("aria-describedby", [...by.add(place.id)].join(" "));
    }
    place.prepend(...sentences.map(paragraph));
  }
  for (const place of form.querySelectorAll(".e-says")) if (!place.children.length) place.remove();
};

// What the server made of "4h" is "4 h": show it, unless somebody is typing there.
const agree = (form, sent, base) => {
  for (const [name, value] of Object.entries(base)) {
    const field = form.elements.namedItem(name);
    if (typeof value !== "string" || !(field instanceof HTMLElement) || field === document.activeElement) continue;
    if ("value" in field && field.value === sent.get(name) && field.value !== value) {
      field.value = value;
      fit(field);
    }
  }
};

const redraw = (form, html, deed) => {
  const made = document.createRange().createContextualFragment(html).firstElementChild;
  form.replaceWith(made);
  start(made);
  const [what, rows, number] = deed.split(":");
  const fields = rows ? [...made.elements].filter((field) => field.name?.startsWith(`${rows}.`)) : [];
  const rowOf = (field) => Number(field.name.split(".")[1]);
  const wanted = what === "add" ? (number ? Number(number) + 1 : Math.max(...fields.map(rowOf))) : Number(number) - 1;
  const first = what === "add" || what === "remove" ? fields.find((field) => rowOf(field) === wanted) : null;
  (first ?? made.querySelector(".errors") ?? made).focus();
  return made;
};

const send = async (form, deed) => {
  const data = new FormData(form);
  data.set("quietly", "1");
  data.set("do", deed);
  say(form, page.dataset.saving);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data) });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const said = await answer.json();
    side.innerHTML = said.side;
    unsaved.delete(form);
    if (said.part) {
      const made = redraw(form, said.part, deed);
      if (said.clashes) unsaved.add(made);
      say(made, said.clashes ? page.dataset.clash : page.dataset.kept);
    } else {
      const held = form.closest(".e-section") ?? form;
      for (const box of held.querySelectorAll("input[name=base]")) box.value = said.base;
      for (const old of form.querySelectorAll(".e-theirs, :scope > .errors")) old.remove();
      agree(form, data, JSON.parse(said.base));
      show(form, said.faults);
      say(form, page.dataset.kept);
    }
  } catch {
    unsaved.add(form);
    say(form, page.dataset.failed);
  }
};

const save = (form, deed = "save") => {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  line = line.then(() => (form.isConnected ? send(form, deed) : undefined));
  return line;
};

// Where somebody else wrote the same place nothing goes over theirs by itself: the button decides.
const later = (form) => {
  unsaved.add(form);
  clearTimeout(waiting.get(form));
  if (form.querySelector(".e-theirs")) return;
  waiting.set(form, setTimeout(() => save(form), WAIT_MS));
};

// In the grid the arrows and Enter lead to the same column of the next row, as in any table of figures.
const move = (event) => {
  const cell = event.target.closest(".e-targets td");
  const steps = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  if (!cell || !steps || event.target.tagName !== "INPUT" || event.isComposing) return;
  const rows = [...cell.closest("tbody").querySelectorAll("tr:not(.e-under)")];
  const row = rows[rows.indexOf(cell.parentElement) + steps];
  event.preventDefault();
  row?.cells[cell.cellIndex].querySelector("input")?.select();
};

// Two line ends at the end of a clause begin the next one; going back in an empty one takes it out.
const write = (form, event) => {
  const box = event.target;
  if (!box.matches(".e-words") || event.isComposing) return;
  const number = box.name.split(".")[1];
  const isAtEnd = box.selectionStart === box.value.length && box.selectionStart === box.selectionEnd;
  if (event.key === "Enter" && isAtEnd && box.value.endsWith("\n")) {
    event.preventDefault();
    box.value = box.value.trimEnd();
    save(form, `add:clauses:${number}`);
  } else if (event.key === "Backspace" && !box.value && number !== "0") {
    event.preventDefault();
    save(form, `remove:clauses:${number}`);
  }
};

const take = (form, button) => {
  const note = button.closest(".e-theirs");
  const field = document.getElementById(note.parentElement.id.replace(/-says$/, ""));
  field.value = note.querySelector("[data-theirs]").textContent;
  fit(field);
  note.remove();
  field.focus();
  if (!form.querySelector(".e-theirs")) save(form);
};

// What was typed before this script was there differs from what the page came with.
const isTyped = (field) =>
  field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;

const start = (form) => {
  for (const button of form.querySelectorAll("[data-take]")) {
    button.hidden = false;
    button.addEventListener("click", () => take(form, button));
  }
  for (const box of form.querySelectorAll("textarea")) fit(box);
  form.addEventListener("input", (event) => {
    fit(event.target);
    later(form);
  });
  form.addEventListener("focusout", () => { if (waiting.has(form)) save(form); });
  form.addEventListener("keydown", move);
  form.addEventListener("keydown", (event) => write(form, event));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form, event.submitter?.value || "save");
  });
  if ([...form.elements].some(isTyped)) later(form);
};

if (page) {
  for (const form of page.querySelectorAll("form[data-part]")) start(form);
  page.classList.add("is-alive");
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".e-place, .e-new") || form.dataset.ready) return;
    if (!waiting.size) return;
    event.preventDefault();
    for (const one of [...waiting.keys()]) save(one);
    await line;
    form.dataset.ready = "yes";
    form.requestSubmit(event.submitter ?? undefined);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const form of [...waiting.keys()]) save(form);
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of [...waiting.keys()]) save(form);
    if (unsaved.size) event.preventDefault();
  });
}
