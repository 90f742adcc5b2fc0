// JSON from the server -> the page. Every piece of HTML that arrives was built and escaped by render/html.py.
(() => {
  "use strict";
  const NARROW = matchMedia("(max-width: 900px)");
  const REMEMBERED = "assistant-conversation";
  let conversation = "";
  let running = ""; // the key of the answer that is being written
  let asked = "";
  let number = 0;
  let ready = false;
  // What changes nothing is said again until it is heard: while the page begins, Gradio may not listen yet.
  const LOOKS = new Set(["start", "notes", "note", "open", "all", "export", "new"]);
  const wishes = []; // one at a time: the answers share a box
  let waiting = null;

  const find = (selector, within = document) => within.querySelector(selector);
  const box = (id) => find(`#${id} textarea, #${id} input`);
  const make = (tag, id, attributes = {}) => {
    const element = document.createElement(tag);
    element.id = id;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // --- to the server ---------------------------------------------------------------------------

  function send(name, wish) {
    const input = box(`${name}-wish`);
    input.value = JSON.stringify(wish);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    // Gradio takes the value over in a microtask: the click must come after it.
    setTimeout(() => find(`button#${name}-go`).click(), 0);
  }

  function act(wish) {
    if (wish.do === "stop" && waiting) wishes.unshift(wish);
    else wishes.push(wish);
    next();
  }

  function next() {
    if (waiting || !wishes.length) return;
    const wish = { ...wishes.shift(), conversation, number_of_wish: ++number };
    const [patience, times] = wish.do === "start" ? [1000, Infinity] : LOOKS.has(wish.do) ? [4000, 4] : [20000, 0];
    let left = times;
    const again = () => {
      if (left === 0) { lost(); return; }
      left -= 1;
      send("act", wish);
      waiting.timer = setTimeout(again, patience);
    };
    waiting = { number, timer: setTimeout(again, patience) };
    send("act", wish);
  }

  function lost() {
    waiting = null;
    fault("The page got no answer. Is the program still running?");
    next();
  }

  function ask(text, instead = "") {
    const words = text.trim();
    if (!words || running || !ready) return;
    running = Math.random().toString(36).slice(2);
    asked = words;
    document.body.classList.add("busy");
    hush();
    const writer = find("#writer input:checked");
    const sources = Number(find("#sources input[type=number]")?.value || find("#sources input[type=range]")?.value);
    pending(words);
    send("ask", {
      text: words, key: running, conversation, instead,
      writer: writer ? writer.value : null, sources: Number.isInteger(sources) ? sources : null,
    });
  }

  // --- from the server -------------------------------------------------------------------------

  // Gradio writes into its text boxes; this hears it do so.
  function listen(id, heard) {
    const input = box(id);
    const plain = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value");
    let last = "";
    Object.defineProperty(input, "value", {
      configurable: true,
      get() { return plain.get.call(this); },
      set(value) {
        plain.set.call(this, value);
        if (value && value !== last) { last = value; heard(JSON.parse(value)); }
      },
    });
  }

  function answering(state) {
    if (state.key !== running) return;
    show(state);
    const over = state.running === "";
    if (over) {
      running = "";
      document.body.classList.remove("busy");
      if (state.turn) arrived(state.turn);
    }
  }

  function acted(state) {
    if (!waiting || state.number !== waiting.number) return;
    clearTimeout(waiting.timer);
    waiting = null;
    if (state.do === "start" || state.do === "again") started(state);
    show(state);
    next();
  }

  function started(state) {
    ready = Boolean(state.ready);
    document.body.classList.toggle("ready", ready);
    if (!ready) setTimeout(() => act({ do: "start", conversation }), 400);
    else { hush(); act({ do: "notes", text: "", state: "all" }); fromAddress(); }
  }

  function show(state) {
    if (state.conversation !== undefined) remember(state.conversation);
    if (state.thread !== undefined) draw("thread", state.thread);
    if (state.running !== undefined) draw("running", state.running);
    if (state.side !== undefined) draw("conversations", state.side);
    if (state.notes !== undefined) draw("notes-found", state.notes);
    if (state.counted !== undefined) find("#notes-counted").textContent = state.counted;
    if (state.note) open(state.note);
    if (state.voted) voted(state);
    if (state.file) save(state.file, state.content);
    if (state.fill) fill(state.fill);
    if (state.error) fault(state.error);
    if (state.say) find("#said").textContent = state.say;
    if (state.running && state.thread === undefined) follow();
  }

  function draw(id, html) {
    const place = find(`#${id}`);
    if (place.dataset.html === String(html.length) && place.innerHTML === html) return;
    place.innerHTML = html;
    if (id === "thread" && NARROW.matches) {
      for (const details of place.querySelectorAll("details.sources")) details.open = false;
    }
  }

  function pending(words) {
    const article = document.createElement("article");
    article.className = "turn running";
    const said = article.appendChild(document.createElement("div"));
    said.className = "said";
    const question = said.appendChild(document.createElement("h2"));
    question.className = "question";
    question.textContent = words;
    const place = find("#running");
    place.replaceChildren(article);
    for (const welcome of document.querySelectorAll("#thread .welcome")) welcome.remove();
    article.scrollIntoView({ block: "start" });
  }

  function arrived(turn) {
    const article = find(`#turn-${CSS.escape(turn)}`);
    if (article) article.scrollIntoView({ block: "start" });
    if (document.activeElement === document.body || document.activeElement === null) box("question").focus();
  }

  function follow() {
    const place = find("#running").lastElementChild;
    const scroller = find("#scroller");
    if (place && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160) {
      place.scrollIntoView({ block: "end" });
    }
  }

  function remember(id) {
    conversation = id;
    try { id ? localStorage.setItem(REMEMBERED, id) : localStorage.removeItem(REMEMBERED); } catch { /* private mode */ }
    for (const item of document.querySelectorAll("#conversations li.here")) item.classList.remove("here");
  }

  function remembered() {
    try { return localStorage.getItem(REMEMBERED) || ""; } catch { return ""; }
  }

  function fill(text) {
    const input = box("question");
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  }

  function fault(text) {
    const place = find("#fault");
    find("span", place).textContent = text;
    place.hidden = false;
  }

  function hush() { find("#fault").hidden = true; }

  function save(name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "text/markdown" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function open(html) {
    const dialog = find("#note");
    find("#note-text").innerHTML = html;
    if (!dialog.open) dialog.showModal();
    const mark = find("mark", dialog);
    if (mark) mark.scrollIntoView({ block: "center" });
  }

  function voted(state) {
    const article = find(`#turn-${CSS.escape(state.voted)}`);
    if (!article) return;
    for (const thumb of article.querySelectorAll("button.vote")) {
      thumb.setAttribute("aria-pressed", String(thumb.dataset.vote === state.vote));
    }
    const form = find("form.why", article);
    form.hidden = !state.why;
    if (state.why) find("input", form).focus();
    else if (state.vote === "down") find("[data-vote=down]", article).focus();
  }

  // --- what a person does ----------------------------------------------------------------------

  const doings = {
    ask: (data) => { tab("chat"); ask(data.text); },
    retry: (data, button) => ask(button.closest("article").querySelector(".edit").dataset.text, turnOf(button)),
    edit: (data, button) => edit(button),
    undo: (data, button) => act({ do: "undo", turn: turnOf(button) }),
    copy: (data) => copy(data.text),
    vote: (data, button) => {
      const again = button.getAttribute("aria-pressed") === "true";
      act({ do: "vote", turn: turnOf(button), vote: again ? "" : data.vote });
    },
    skip: (data, button) => { button.closest("form").hidden = true; },
    note: (data) => act({ do: "note", note: data.note, turn: data.turn || "", number: data.number || "" }),
    open: (data) => { if (!running) { side(false); tab("chat"); act({ do: "open", id: data.id }); } },
    rename: (data) => {
      const title = prompt("A name for this conversation", data.text);
      if (title) act({ do: "rename", id: data.id, text: title });
    },
    export: (data) => act({ do: "export", id: data.id }),
    delete: (data) => { if (!running && confirm("Delete this conversation for good?")) act({ do: "delete", id: data.id }); },
    all: () => act({ do: "all" }),
    again: () => act({ do: "again" }),
  };

  const turnOf = (element) => element.closest("article").dataset.turn;

  function clicked(event) {
    const cite = event.target.closest("[data-source]");
    if (cite) { event.preventDefault(); reveal(cite.dataset.source); return; }
    const button = event.target.closest("button[data-do]");
    if (button && doings[button.dataset.do]) doings[button.dataset.do](button.dataset, button);
  }

  function reveal(id) {
    const source = document.getElementById(id);
    if (!source) return;
    source.closest("details").open = true;
    for (const other of document.querySelectorAll(".source.marked")) other.classList.remove("marked");
    source.classList.add("marked");
    source.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    source.focus({ preventScroll: true });
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    find("#said").textContent = "Copied.";
  }

  // The question becomes a box of its own; what follows it is replaced by the new answer.
  function edit(button) {
    const asked = button.closest(".asked");
    if (running || find("form", asked)) return;
    const form = document.createElement("form");
    form.className = "editing";
    const area = form.appendChild(document.createElement("textarea"));
    area.value = button.dataset.text;
    area.maxLength = 2000;
    area.rows = 2;
    area.setAttribute("aria-label", "Change your question");
    const row = form.appendChild(document.createElement("div"));
    row.className = "row";
    for (const [words, type, looks] of [["Ask again", "submit", "primary"], ["Cancel", "button", "quiet"]]) {
      const made = row.appendChild(document.createElement("button"));
      made.textContent = words;
      made.type = type;
      made.className = looks;
    }
    const turn = turnOf(button);
    const close = () => { form.remove(); asked.classList.remove("edited"); };
    row.lastElementChild.addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const text = area.value;
      close();
      ask(text, turn);
    });
    asked.classList.add("edited");
    asked.append(form);
    area.focus();
    area.select();
  }

  function submitted(event) {
    const form = event.target.closest("form.why");
    if (!form) return;
    event.preventDefault();
    const reason = find("input:checked", form);
    if (!reason) { find("input", form).focus(); return; }
    act({
      do: "vote", turn: turnOf(form), vote: "down", reason: reason.value,
      correct_note: find("select", form).value, comment: find("textarea", form).value,
    });
  }

  function submitQuestion() {
    if (running) return;
    const input = box("question");
    const text = input.value;
    if (!text.trim()) return;
    if (!ready) { fault("One moment, please: your notes are still being read."); return; }
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    ask(text);
  }

  function tab(name) {
    for (const button of document.querySelectorAll("#tabs [role=tab]")) {
      const chosen = button.id === `${name}-tab`;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      find(`#${button.getAttribute("aria-controls")}`).hidden = !chosen;
    }
  }

  function tabs() {
    const bar = make("div", "tabs", { role: "tablist", "aria-label": "Views" });
    for (const [name, words] of [["chat", "Chat"], ["notes", "Notes"]]) {
      const button = bar.appendChild(make("button", `${name}-tab`, { type: "button", role: "tab", "aria-controls": name }));
      button.textContent = words;
      button.addEventListener("click", () => tab(name));
      const panel = find(`#${name}`);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
    }
    bar.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = find("[role=tab][aria-selected=false]", bar);
      tab(other.id.replace("-tab", ""));
      other.focus();
    });
    find("#main").prepend(bar);
    tab("chat");
  }

  function side(wanted) {
    document.body.classList.toggle("side-open", wanted);
    find("#menu").setAttribute("aria-expanded", String(wanted));
  }

  function fromAddress() { if (!conversation) box("question").focus({ preventScroll: true }); }

  // --- the beginning ---------------------------------------------------------------------------

  function build() {
    const chat = find("#composer").parentElement;
    tabs();
    const scroller = make("div", "scroller", { role: "log", "aria-label": "Conversation", "aria-live": "off", tabindex: "0" });
    scroller.append(make("div", "thread"), make("div", "running"));
    const said = make("div", "said", { role: "status", "aria-live": "polite" });
    const wrong = make("div", "fault", { role: "alert" });
    wrong.hidden = true;
    wrong.append(document.createElement("span"));
    const hide = wrong.appendChild(document.createElement("button"));
    hide.textContent = "Hide";
    hide.type = "button";
    hide.addEventListener("click", hush);
    chat.prepend(scroller);
    find("#composer").before(wrong, said);

    const filters = find("#filters");
    filters.after(make("p", "notes-counted", { role: "status" }), make("div", "notes-found"));

    const brand = document.createElement("p");
    brand.className = "brand";
    brand.textContent = document.title;
    find("#new").before(brand);
    const list = make("nav", "conversations", { "aria-label": "Conversations" });
    find("#new").after(list);
    const gear = make("button", "gear", { type: "button", "aria-expanded": "false", "aria-controls": "settings" });
    gear.textContent = "Settings";
    gear.addEventListener("click", () => {
      const shown = gear.getAttribute("aria-expanded") !== "true";
      gear.setAttribute("aria-expanded", String(shown));
      find("#settings").hidden = !shown;
    });
    find("#settings").hidden = true;
    find("#settings").before(gear);
    const menu = make("button", "menu", { type: "button", "aria-expanded": "false", "aria-label": "Conversations and settings" });
    menu.textContent = "\u2630";
    menu.addEventListener("click", () => side(!document.body.classList.contains("side-open")));
    find("#shell").prepend(menu);

    const dialog = make("dialog", "note", { "aria-label": "A note" });
    const close = dialog.appendChild(document.createElement("button"));
    close.textContent = "Close";
    close.className = "quiet close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(make("div", "note-text", { tabindex: "0" }));
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
  }

  function wire() {
    listen("ask-state", answering);
    listen("act-state", acted);
    document.addEventListener("click", clicked);
    document.addEventListener("submit", submitted);
    find("#send").addEventListener("click", submitQuestion);
    find("#stop").addEventListener("click", () => { if (running) act({ do: "stop", key: running }); });
    find("#new").addEventListener("click", () => { if (!running) { side(false); tab("chat"); act({ do: "new" }); fill(""); } });
    box("question").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      submitQuestion();
    }, true);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") side(false); });
    let timer = 0;
    const filtered = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const state = find("#state input:checked");
        act({ do: "notes", text: box("filter").value, state: state ? state.value : "all" });
      }, 150);
    };
    find("#filters").addEventListener("input", filtered);
    find("#filters").addEventListener("change", filtered);
  }

  // Gradio draws the page piece by piece, and in another order when its scripts come from the browser's cache.
  const BOXES = ["ask-wish", "ask-state", "act-wish", "act-state", "question", "filter"];
  const PLACES = ["main", "shell", "chat", "notes", "composer", "filters", "new", "settings", "send", "stop", "ask-go", "act-go"];

  function begin() {
    if (!BOXES.every(box) || !PLACES.every((id) => find(`#${id}`))) {
      setTimeout(begin, 20);
      return;
    }
    build();
    wire();
    document.documentElement.lang = "en";
    conversation = remembered();
    act({ do: "start" });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
