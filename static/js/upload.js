// Files go up one by one while somebody still writes: from the picker, dropped on the form, or
// pasted. Each shows its progress; the form waits for those under way. Without this script the
// browser's own input sends them along with the form.
const line = (name) => {
  const item = document.createElement("li");
  item.className = "file";
  const label = document.createElement("bdi");
  label.className = "file-name";
  label.textContent = name;
  item.append(label);
  return item;
};

const start = (box) => {
  const form = box.closest("form");
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-upload-list]");
  const says = box.querySelector("[data-upload-says]");
  const under = new Set();
  let held = null;

  const say = (words) => { says.textContent = words; };

  const ended = (request) => {
    under.delete(request);
    if (under.size || held === null) return;
    const button = held.button;
    held = null;
    if (!list.querySelector(".file-bad")) form.requestSubmit(button);
  };

  const body = () => {
    const data = new FormData();
    for (const name of ["csrf_token", "once"]) {
      const field = form.elements.namedItem(name);
      if (field) data.append(name, field.value);
    }
    return data;
  };

  const refuse = (item, name, words) => {
    item.className = "file file-bad";
    item.querySelector("progress")?.remove();
    const reason = document.createElement("span");
    reason.textContent = words;
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.className = "button button-s button-quiet";
    dismiss.textContent = box.dataset.dismiss;
    dismiss.addEventListener("click", () => { item.remove(); input.focus(); });
    item.append(reason, dismiss);
    say(`${name}: ${words}`);
  };

  const send = (file) => {
    const item = line(file.name);
    list.append(item);
    if (file.size > Number(box.dataset.most)) return refuse(item, file.name, box.dataset.tooLarge);
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", file.name);
    item.append(progress);
    const request = new XMLHttpRequest();
    under.add(request);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const type = request.getResponseHeader("content-type") || "";
      if (request.status === 201) {
        const fresh = document.createElement("template");
        fresh.innerHTML = request.responseText;
        item.replaceWith(fresh.content.querySelector("li"));
        say(`${box.dataset.isIn} ${file.name}`);
      } else {
        const words = type.startsWith("text/plain") ? request.responseText : box.dataset.failed;
        refuse(item, file.name, words);
      }
    });
    request.addEventListener("error", () => refuse(item, file.name, box.dataset.failed));
    request.addEventListener("loadend", () => ended(request));
    const data = body();
    data.append("files", file, file.name);
    request.open("POST", box.dataset.upload);
    request.send(data);
    return undefined;
  };

  const sendAll = (files) => [...files].forEach(send);
  const carries = (event) => event.dataTransfer?.types.includes("Files");

  box.querySelector("[data-upload-zone]")?.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    sendAll(input.files);
    input.value = "";
  });
  form.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("is-over");
  });
  form.addEventListener("drop", (event) => {
    form.classList.remove("is-over");
    if (!carries(event)) return;
    event.preventDefault();
    sendAll(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    sendAll(files);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    const item = button.closest("li");
    const data = body();
    data.append("remove", button.dataset.remove);
    fetch(box.dataset.upload, { method: "POST", body: data });
    say(`${box.dataset.isOut} ${item.querySelector(".file-name").textContent}`);
    item.remove();
    input.focus();
  });
  form.addEventListener("submit", (event) => {
    if (!under.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { button: event.submitter };
    say(box.dataset.holds);
  }, true);
};

document.querySelectorAll("[data-upload]").forEach(start);
