// Preview in place: the server draws what is typed, the same way in which it will be read; the button
// then leads back to writing. Without this script the button shows the whole page anew with the preview in it.
const start = (form) => {
  const button = form.querySelector("[data-preview]");
  const pane = form.querySelector("[data-pane]");
  const text = form.querySelector("textarea");
  const label = button.querySelector("span");
  const words = label.textContent;

  const show = (isPreview) => {
    pane.hidden = !isPreview;
    text.hidden = isPreview;
    label.textContent = isPreview ? button.dataset.preview : words;
    form.classList.toggle("is-preview", isPreview);
    (isPreview ? pane : text).focus();
  };

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (text.hidden) {
      show(false);
      return;
    }
    const data = new FormData(form);
    data.delete("files");
    data.set("quietly", "1");
    const answer = await fetch(button.formAction, { method: "POST", body: data });
    if (!answer.ok) return;
    pane.innerHTML = await answer.text(); // the sanitiser's own words
    if (!pane.textContent.trim()) pane.textContent = pane.dataset.empty;
    show(true);
  });
  form.addEventListener("submit", () => { text.hidden = false; });
};

for (const button of document.querySelectorAll("form [data-preview]")) start(button.form);
