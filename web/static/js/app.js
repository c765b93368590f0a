// What coordinators' pages do beyond links and forms. Every part of it may fail or be
// switched off: the page underneath works without any of it.
(() => {
  "use strict";
  const page = document;
  const one = (selector, root = page) => root.querySelector(selector);
  const all = (selector, root = page) => [...root.querySelectorAll(selector)];
  const live = () => one("#live");

  // The one polite live region. A moment's pause lets a repeated text be heard again; what the page shows anyway is
  // only spoken.
  const say = (words, look = "toast") => {
    const region = live();
    if (!region || !words) return;
    region.textContent = "";
    setTimeout(() => {
      const line = page.createElement("div");
      line.className = look;
      line.textContent = words;
      region.replaceChildren(line);
    }, 50);
  };

  // --- Rows and shortcuts ------------------------------------------------------------
  const ROWS = ".rows:not(.ghost):not(.plain) > li, tr[data-row], .board .card";
  const rows = () => all(ROWS).filter((row) => row.checkVisibility());
  const current = () => one(".cur") || (page.activeElement && page.activeElement.closest(ROWS));

  const choose = (row) => {
    all(".cur").forEach((other) => other.classList.remove("cur"));
    if (row) row.classList.add("cur");
  };

  const go = (step) => {
    const list = rows();
    const at = list.indexOf(current());
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step];
    if (!next) return;
    choose(next);
    const link = one("a, button, summary, input", next);
    if (link) link.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const press = (key) => {
    const row = current();
    const target = (row && one(`[data-key="${key}"]`, row)) || one(`main a[data-key="${key}"]`);
    if (!target) return false;
    target.click();
    if (target.matches("summary")) {
      const first = one("button", target.parentElement);
      if (first && target.parentElement.open) first.focus();
    }
    return true;
  };

  const open = (id) => {
    const box = one(id);
    if (!box || box.open) return false;
    box.showModal();
    return true;
  };

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    d: () => press("d"),
    m: () => press("m"),
    x: () => press("x"),
    e: () => press("e"),
    Enter: () => {
      const row = current();
      const link = row && page.activeElement === page.body && one("a", row);
      if (!link) return false;
      link.click();
    },
    "/": () => {
      const field = one("main input[type=search]");
      if (!field) return false;
      field.focus();
    },
    "?": () => open("#keys"),
  };

  page.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key === "Escape") {
      const menu = at.closest && at.closest("details.menu[open]");
      if (menu) {
        menu.open = false;
        one("summary", menu).focus();
      }
      return;
    }
    if (page.body.dataset.keys !== "on") return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      const field = one('form[action="/c/people"] input[type=search]');
      if (!field && !one('#nav a[href="/c/people"]')) return;
      event.preventDefault();
      if (field) field.focus();
      else location.assign("/c/people#f-q");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (at.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, dialog, [contenteditable]")) return;
    const act = keys[event.key];
    if (act && act() !== false) event.preventDefault();
  });

  page.addEventListener("focusin", (event) => {
    const row = event.target.closest(ROWS);
    if (row) choose(row);
  });

  page.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // --- Copy --------------------------------------------------------------------------
  page.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = one(button.dataset.copy);
    await navigator.clipboard.writeText((source.value || source.textContent).trim());
    say(button.dataset.said);
  });

  // --- Drafts: a form with data-draft is sent there two seconds after the last key ------
  const waiting = new WeakMap();
  page.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(async () => {
      const saved = one("[data-saved]");
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (!answer.ok) throw new Error(String(answer.status));
        if (saved) saved.textContent = await answer.text();
      } catch {
        if (saved) saved.textContent = page.body.dataset.failed;
      }
    }, 2000));
  });

  // --- Suggestions while typing: answers are [{"id": …, "text": …}] ---------------------
  let asked = 0;
  page.addEventListener("input", async (event) => {
    const field = event.target;
    if (!field.matches("[data-options]")) return;
    const hidden = field.nextElementSibling;
    const list = field.list;
    const chosen = [...list.options].find((option) => option.value === field.value);
    hidden.value = chosen ? chosen.dataset.id : "";
    if (chosen || field.value.length < 2) return;
    const turn = ++asked;
    const address = new URL(field.dataset.options, location.href);
    address.searchParams.set("q", field.value);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || turn !== asked) return;
    list.replaceChildren(...(await answer.json()).map((found) => {
      const option = page.createElement("option");
      option.value = found.text;
      option.dataset.id = found.id;
      return option;
    }));
  });

  // --- Progress: the server sends rendered parts; "say" is spoken, "end" leads on ---------
  const follow = (root) => all("[data-stream]", root).forEach((part) => {
    const stream = new EventSource(part.dataset.stream);
    delete part.dataset.stream;
    stream.onmessage = (event) => {
      if (!part.isConnected) return stream.close();
      part.innerHTML = event.data;
    };
    stream.addEventListener("say", (event) => say(event.data));
    stream.addEventListener("end", (event) => {
      stream.close();
      if (event.data) location.assign(event.data);
      else if (part.dataset.again) renew(part.dataset.again);
      else location.reload();
    });
  });

  // Takes over the parts that have changed, and leaves what is being typed and where the focus is.
  const renew = async (address) => {
    const answer = await fetch(address, { headers: { "HX-Request-Type": "partial" } });
    if (!answer.ok) return;
    const fresh = page.createElement("template");
    fresh.innerHTML = await answer.text();
    all("[data-fresh]").forEach((part) => {
      const other = fresh.content.getElementById(part.id);
      if (other) part.replaceChildren(...other.childNodes);
    });
    say(one("h1").textContent, "vh");
  };

  // --- After a swap: focus on the errors, else on the new heading, else on the next row ---
  let place = -1;
  page.addEventListener("htmx:before:swap", () => {
    const row = page.activeElement && page.activeElement.closest(ROWS);
    place = row ? rows().indexOf(row) : -1;
  });

  const focus = (target) => {
    if (!target) return false;
    if (!target.matches("a, button, input, [tabindex]")) target.tabIndex = -1;
    target.focus();
    return true;
  };

  page.addEventListener("htmx:after:swap", (event) => {
    const context = event.detail.ctx;
    const target = context.target && context.target.isConnected ? context.target : one("#main");
    ready(target);
    if (focus(one("[data-errors]", target))) return;
    if (page.activeElement && page.activeElement !== page.body) return;
    const row = place < 0 ? null : rows()[Math.min(place, rows().length - 1)];
    if (row && focus(one("a, button", row))) return;
    focus(one("h1, h2", target));
  });

  page.addEventListener("htmx:error", () => say(page.body.dataset.failed));

  const ready = (root) => {
    follow(root);
    all("[data-copy]", root).forEach((button) => (button.hidden = !navigator.clipboard));
  };
  ready(page);
  if (location.hash === "#f-q") focus(one("#f-q"));

  // On a phone sections and tabs stand in rows that scroll: the one that is open is brought into sight.
  all(".side nav [aria-current], .tabs [aria-current]").forEach((chosen) => {
    const bar = chosen.closest("ul, .tabs");
    const [at, room] = [chosen.getBoundingClientRect(), bar.getBoundingClientRect()];
    bar.scrollBy(at.left + at.width / 2 - room.left - room.width / 2, 0);
  });
})();
