// Writing by keyboard: Ctrl or Command and Enter press the button that stands out, three buttons set
// Markdown's marks around what is selected, and choosing reply or note leads into its text.
const put = (text, words) => {
  text.focus();
  if (!document.execCommand("insertText", false, words)) text.setRangeText(words);
  text.dispatchEvent(new InputEvent("input", { bubbles: true }));
};

const marks = {
  bold: (words) => `**${words || "…"}**`,
  link: (words) => (/^https?:\/\//.test(words) ? `[…](${words})` : `[${words || "…"}](https://)`),
  list: (words) => (words || "…").split("\n").map((line) => `- ${line}`).join("\n"),
};

const start = (form) => {
  const text = form.querySelector("textarea");
  const send = form.querySelector(".button-primary, .button-note");
  const tools = form.querySelector("[data-marks]");
  const hint = form.querySelector("[data-hint]");
  if (hint) hint.hidden = false;
  if (tools) tools.hidden = false;

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(send);
  });
  tools?.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-mark]")?.dataset.mark;
    if (!mark || text.hidden) return;
    const from = text.selectionStart;
    const made = marks[mark](text.value.slice(from, text.selectionEnd));
    put(text, made);
    const blank = made.indexOf("…");
    if (blank >= 0) text.setSelectionRange(from + blank, from + blank + 1);
  });
};

document.querySelectorAll(".composer").forEach(start);

for (const label of document.querySelectorAll(".tabs-kinds label")) {
  label.addEventListener("click", () => {
    const box = document.getElementById(label.htmlFor.replace("write-", ""));
    requestAnimationFrame(() => box?.querySelector("textarea")?.focus());
  });
}

document.getElementById("meanwhile")?.focus();
