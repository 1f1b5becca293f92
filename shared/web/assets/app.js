// Improves pages that work without it. Nothing here decides anything.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  const closeLabel = document.body.dataset.close || "Close";

  // On a narrow window the navigation is one line that scrolls: where one is comes to its middle. Not scrollIntoView: that
  // would also take the page away from the message its address names.
  const here = document.querySelector(".mainnav [aria-current]");
  if (here) {
    const nav = here.closest(".mainnav");
    const [a, b] = [here.getBoundingClientRect(), nav.getBoundingClientRect()];
    nav.scrollLeft += a.left + a.width / 2 - (b.left + b.width / 2);
  }

  // A select that sends its form when changed (the company selector).
  document.addEventListener("change", (e) => {
    if (e.target.matches("select[data-submit]")) e.target.form.requestSubmit();
  });

  // A form that is sent once, however often the button is pressed. Back in history it works again.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!form.matches("form[data-once]") || e.defaultPrevented) return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    for (const b of form.querySelectorAll("button")) b.setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const b of form.querySelectorAll("button")) b.removeAttribute("aria-disabled");
    }
  });

  // The person's menu closes by Escape and by a click elsewhere.
  const closeMenus = (except) => {
    for (const m of document.querySelectorAll("details.menu[open]")) if (m !== except) m.open = false;
  };
  document.addEventListener("click", (e) => closeMenus(e.target.closest("details.menu")));
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    }
    // Ctrl+Enter sends the form one writes in.
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches("textarea") && e.target.form) e.target.form.requestSubmit();
  });

  // Toasts can be closed; the good news leave by themselves unless looked at.
  for (const toast of document.querySelectorAll(".toast")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.textContent = "×";
    close.setAttribute("aria-label", closeLabel);
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    if (toast.matches(".success, .info")) {
      setTimeout(function leave() {
        if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
        else toast.remove();
      }, 8000);
    }
  }

  // The question before something irreversible: the page it stands on, opened in a dialog.
  document.addEventListener("click", async (e) => {
    const link = e.target.closest("a[data-confirm]");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    try {
      const answer = await fetch(link.href, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const question = answer.ok && page.querySelector("main .confirm");
      if (!question) throw new Error("no question");
      const dialog = document.createElement("dialog");
      dialog.setAttribute("aria-labelledby", "confirm-title");
      dialog.append(document.importNode(question, true));
      const cancel = dialog.querySelector("[data-cancel]");
      cancel?.addEventListener("click", (c) => { c.preventDefault(); dialog.close(); });
      dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
      document.body.append(dialog);
      dialog.showModal();
      cancel?.focus();
    } catch {
      location.href = link.href;
    }
  });

  // Counts characters as the server does (Unicode code points) against data-counter.
  for (const area of document.querySelectorAll("textarea[data-counter]")) {
    const most = Number(area.dataset.counter);
    const out = document.createElement("span");
    out.className = "counter";
    out.setAttribute("aria-hidden", "true");
    area.after(out);
    const format = new Intl.NumberFormat(root.lang);
    const show = () => {
      const n = [...area.value.replace(/\r\n/g, "\n")].length;
      out.textContent = `${format.format(n)} / ${format.format(most)}`;
      out.classList.toggle("over", n > most);
    };
    area.addEventListener("input", show);
    show();
  }

  // Shows how much of the allowed bytes the chosen files take: data-max-bytes, data-used-bytes on the input.
  for (const input of document.querySelectorAll("input[type=file][data-max-bytes]")) {
    const most = Number(input.dataset.maxBytes);
    const used = Number(input.dataset.usedBytes || 0);
    const line = document.createElement("div");
    line.className = "meter";
    const meter = document.createElement("meter");
    meter.max = most;
    meter.high = most * 0.9;
    meter.setAttribute("aria-hidden", "true");
    const text = document.createElement("span");
    text.setAttribute("role", "status");
    line.append(meter, text);
    input.after(line);
    const format = new Intl.NumberFormat(root.lang, { maximumFractionDigits: 1 });
    const show = () => {
      const sum = [...input.files].reduce((n, f) => n + f.size, used);
      meter.value = Math.min(sum, most);
      text.textContent = `${format.format(sum / 1e6)} / ${format.format(most / 1e6)} MB`;
      line.classList.toggle("over", sum > most);
    };
    input.addEventListener("change", show);
    show();
  }

  // What can be done to the rows that are picked (data-bulk names their boxes) shows once one is.
  for (const form of document.querySelectorAll("form[data-bulk]")) {
    const boxes = [...form.elements].filter((f) => f.type === "checkbox" && f.name === form.dataset.bulk);
    const all = form.querySelector("[data-bulk-all]");
    all.hidden = false;
    const show = () => {
      const picked = boxes.filter((b) => b.checked).length;
      form.hidden = picked === 0;
      all.disabled = picked === boxes.length;
      form.querySelector("output").textContent = picked;
    };
    for (const b of boxes) b.addEventListener("change", show);
    all.addEventListener("click", () => { for (const b of boxes) b.checked = true; show(); });
    form.addEventListener("reset", () => setTimeout(show));
    addEventListener("pageshow", show);
    show();
  }

  // Counts down to data-countdown (milliseconds since 1970) as the server's clock has it, by what was shown at first.
  for (const out of document.querySelectorAll("[data-countdown]")) {
    const shown = Number((out.textContent.match(/\d+/) || ["0"])[0]);
    const end = performance.now() + shown * 1000;
    const timer = setInterval(() => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left > 0) { out.textContent = out.dataset.text.replace("{s}", left); return; }
      clearInterval(timer);
      out.textContent = out.dataset.over;
      out.parentElement.querySelector("form[action$='/undo']")?.remove();
    }, 500);
  }

  // Asks now and then, while somebody looks, whether there is news (data-news answers {"version": ...}). A page on which
  // nothing was typed is loaded again; else a line says so and the person decides.
  for (const line of document.querySelectorAll("[data-news]")) {
    const untouched = () =>
      [...document.querySelectorAll("main textarea, main input:not([type=hidden]), main select")].every((f) =>
        f !== document.activeElement && (f.type === "file" ? f.files.length === 0
          : f.type === "radio" || f.type === "checkbox" ? f.checked === f.defaultChecked
          : f.tagName === "SELECT" ? [...f.options].every((o) => o.selected === o.defaultSelected || !f.querySelector("[selected]"))
          : f.tagName === "TEXTAREA" ? f.value === "" : f.value === f.defaultValue)) && !document.querySelector("main details[open], dialog[open], main [aria-invalid]");
    const link = line.querySelector("[data-reload]");
    let wait = 10000;
    const ask = async () => {
      if (document.visibilityState === "visible" && line.hidden) {
        try {
          const answer = await fetch(line.dataset.news, { headers: { accept: "application/json" } });
          if (answer.status === 401 || answer.status === 403) return;
          wait = answer.ok ? 10000 : Math.min(wait * 2, 120000);
          const { version } = answer.ok ? await answer.json() : {};
          if (version !== undefined && String(version) !== line.dataset.version) {
            if (untouched()) { location.reload(); return; }
            line.hidden = false;
          }
        } catch { wait = Math.min(wait * 2, 120000); }
      }
      setTimeout(ask, wait);
    };
    link?.addEventListener("click", (e) => { e.preventDefault(); location.href = link.href; });
    setTimeout(ask, wait);
  }

  // Keys on pages that tell of them (the template with the id shortcuts): an element with data-key is pressed, or written in;
  // j and k go through the rows of the list, x picks one. Nothing while somebody types; can be switched off for this browser.
  const keys = document.getElementById("shortcuts");
  if (keys) {
    const OFF = "mostek-keys-off";
    const help = () => {
      if (document.querySelector("dialog[open]")) return;
      const dialog = document.createElement("dialog");
      dialog.setAttribute("aria-labelledby", "confirm-title");
      dialog.append(document.importNode(keys.content, true));
      const off = dialog.querySelector("[data-keys-off]");
      off.checked = localStorage.getItem(OFF) === "1";
      off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
      dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
    };
    const row = (step) => {
      const rows = [...document.querySelectorAll("tr[data-row]")];
      const at = rows.findIndex((r) => r.contains(document.activeElement));
      rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.querySelector(".main-cell a")?.focus();
    };
    document.addEventListener("keydown", (e) => {
      const typing = e.target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
      if (typing || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (e.key === "?") { e.preventDefault(); help(); return; }
      if (localStorage.getItem(OFF) === "1") return;
      if (e.key === "j" || e.key === "k") { e.preventDefault(); row(e.key === "j" ? 1 : -1); return; }
      if (e.key === "x") { document.activeElement.closest("tr[data-row]")?.querySelector("input[type=checkbox]")?.click(); return; }
      const target = [...document.querySelectorAll("[data-key]")].find((t) => t.dataset.key === e.key);
      if (!target) return;
      e.preventDefault();
      if (target.type === "radio") { target.click(); target.form.querySelector("textarea")?.focus(); }
      else if (target.matches("input")) target.focus();
      else target.click();
    });
    document.querySelector("[data-keys-help]")?.addEventListener("click", help);
    const hint = document.querySelector(".keys-hint");
    if (hint) hint.hidden = false;
  }

  // Says that this person has the ticket open, or writes, while they look; and shows who else does.
  for (const line of document.querySelectorAll("[data-presence]")) {
    const area = document.querySelector(".composer textarea");
    const typed = area ? area.value : "";
    const say = async (here) => {
      const body = JSON.stringify({ here, writing: here && !!area && area.value !== typed && area.value.trim() !== "" });
      const headers = { "content-type": "application/json", accept: "application/json", "x-csrf-token": line.dataset.csrf };
      const answer = await fetch(line.dataset.presence, { method: "POST", headers, body, keepalive: !here });
      if (!here || !answer.ok) return answer.status !== 401 && answer.status !== 403;
      const { data } = await answer.json();
      const names = (writing) => data.filter((p) => p.writing === writing).map((p) => p.name).join(", ");
      const text = names(true) ? line.dataset.writing.replace("{names}", names(true)) : names(false) ? line.dataset.here.replace("{names}", names(false)) : "";
      line.querySelector("p").textContent = text;
      line.hidden = text === "";
      return true;
    };
    const again = async () => {
      let goes = true;
      if (document.visibilityState === "visible") { try { goes = await say(true); } catch { /* the network; again later */ } }
      if (goes) setTimeout(again, 15000);
    };
    again();
    let told = false;
    area?.addEventListener("input", () => { if (!told) { told = true; say(true).catch(() => {}); } });
    addEventListener("pagehide", () => { say(false).catch(() => {}); });
  }

  // A picture of an article that does not come gives way to an empty place.
  for (const img of document.querySelectorAll(".order-lines img")) {
    const gone = () => {
      const place = document.createElement("span");
      place.className = "no-picture";
      img.replaceWith(place);
    };
    if (img.complete && img.naturalWidth === 0 && img.loading !== "lazy") gone();
    else img.addEventListener("error", gone);
  }
})();
