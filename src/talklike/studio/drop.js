// Takes what is dropped on a page, a folder with all that is in it, and sends it to talklike.studio.uploads, file by file.
(() => {
  const STUDIO = "/studio/chats";

  async function inFolder(entry, prefix) {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      return [[prefix + entry.name, file]];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {  // it gives at most 100 at a time
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return found;
      for (const one of some) found.push(...(await inFolder(one, `${prefix}${entry.name}/`)));
    }
  }

  function put(url, path, file, told, cancelled) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("PUT", url);
      request.setRequestHeader("X-Path", encodeURIComponent(path.replace(/\p{Surrogate}/gu, "?")));  // halves of characters
      request.upload.onprogress = (event) => told(event.loaded);
      request.onload = () => (request.status < 300 ? done() : failed(new Error(message(request.responseText))));
      request.onerror = () => failed(new Error("the studio can't be reached; is it still running?"));
      request.onabort = () => failed(new DOMException("", "AbortError"));
      cancelled.addEventListener("abort", () => request.abort());
      request.send(file);
    });
  }

  function message(body) {
    try {
      return JSON.parse(body).message || "that didn't work; try again";
    } catch {
      return "that didn't work; try again";
    }
  }

  async function post(url, body) {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body || {}) };
    const answer = await fetch(url, options).catch(() => { throw new Error("the studio can't be reached; is it still running?"); });
    const text = await answer.text();
    if (!answer.ok) throw new Error(message(text));
    return JSON.parse(text);
  }

  async function send(zone, files) {
    const part = (name) => zone.querySelector(`[data-part=${name}]`);
    const cancel = new AbortController();
    const show = (name, on) => { part(name).hidden = !on; };
    const size = files.reduce((sum, [, file]) => sum + file.size, 0);
    show("error", false); show("ask", false); show("sending", true);
    part("cancel").onclick = () => cancel.abort();
    let sent = 0;
    const told = (more) => {
      const share = size ? Math.min(1, (sent + more) / size) : 1;
      part("bar").style.width = `${100 * share}%`;
      part("bar").parentElement.setAttribute("aria-valuenow", Math.round(100 * share));
      part("said").textContent = `${Math.round(100 * share)} % of ${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`;
    };
    let id = null;
    try {
      if (!files.length) throw new Error("there is no file in what was dropped; drop a file, a folder or a zip");
      if (!size) throw new Error("what was dropped is empty; export the chat again");
      told(0);
      id = (await post(STUDIO)).id;
      for (const [path, file] of files) {
        await put(`${STUDIO}/${id}/file`, path, file, told, cancel.signal);
        sent += file.size;
      }
      await post(`${STUDIO}/${id}/read`, JSON.parse(zone.dataset.reading || "{}"));
      location.assign(`/?chat=${id}`);
    } catch (error) {
      if (id) fetch(`${STUDIO}/${id}`, { method: "DELETE" }).catch(() => {});
      show("sending", false); show("ask", true);
      if (error.name !== "AbortError") {
        part("error").textContent = error.message;
        show("error", true);
      }
    }
  }

  const zoneOf = (event) => event.target instanceof Element && event.target.closest(".tl-drop");

  document.addEventListener("dragover", (event) => {
    event.preventDefault();  // else what is dropped beside the zone would be opened instead of this page
    document.querySelectorAll(".tl-drop").forEach((zone) => zone.classList.add("tl-over"));
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.querySelectorAll(".tl-drop").forEach((zone) => zone.classList.remove("tl-over"));
  });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const zone = document.querySelector(".tl-drop");
    if (!zone) return;
    zone.classList.remove("tl-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    const loose = [...event.dataTransfer.files].map((file) => [file.name, file]);
    const files = entries.some((entry) => entry && entry.isDirectory)
      ? (await Promise.all(entries.filter(Boolean).map((entry) => inFolder(entry, "")))).flat()
      : loose;
    send(zone, files);
  });
  document.addEventListener("change", (event) => {
    const zone = zoneOf(event);
    if (zone && event.target.type === "file" && event.target.files.length) {
      send(zone, [...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]));
      event.target.value = "";
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element && event.target.closest("[data-opens]");
    if (opener) opener.closest(".tl-drop").querySelector(`input[data-part=${opener.dataset.opens}]`).click();
  });
})();
