/* Enhancement only: every page works without this file. */
(() => {
  "use strict";
  const page = document.documentElement;
  const SCAN_MS = 20; /* readers of bar codes and ID cards type faster than people */
  const IME_LAG_MS = 60; /* Enter that ends a composition comes just after it */

  /* -- Enter while a Chinese word is being composed belongs to the input method -------------------- */
  let composedAt = -IME_LAG_MS;
  const composing = (event) =>
    event.isComposing || event.keyCode === 229 || event.timeStamp - composedAt < IME_LAG_MS;
  document.addEventListener("compositionend", (event) => { composedAt = event.timeStamp; }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !composing(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  /* -- Enter goes to the next field where the form says so -------------------------------------- */
  const folded = (field) => field.closest("details:not([open])") !== null;
  const fields = (form) =>
    [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button[name=go]")]
      .filter((field) => field.offsetParent !== null && !field.disabled && !folded(field));
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const typed = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (event.key !== "Enter" || event.ctrlKey || !typed || field.type === "file") return;
    if (!field.form || field.form.dataset.enter !== "next") return;
    const all = fields(field.form);
    const next = all[all.indexOf(field) + 1];
    event.preventDefault();
    if (next) next.focus();
  });

  /* -- Short cuts: elements name their own key -------------------------------------------------- */
  const named = (event) =>
    (event.ctrlKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") + event.key;
  const inText = (target) => target.closest("input, textarea, select") !== null;
  let lastKey = -1000;
  const press = (target) => {
    if (target instanceof HTMLDetailsElement) {
      target.open = !target.open;
      target.querySelector("summary").focus();
    } else {
      target.click();
    }
  };
  const find = (key) =>
    [...document.querySelectorAll("[data-key]")].find((item) => item.dataset.key === key);
  const search = () => document.querySelector("[data-search]");
  const photo = (target) => {
    const row = target.closest("[data-paper]") || document.querySelector("[data-paper]");
    return row && row.querySelector("input[type=file]");
  };
  const shortcut = (event) => {
    if (event.key === "F2" && search()) return () => search().focus();
    if (event.key.toLowerCase() === "p" && named(event).length === 1 && !inText(event.target)) {
      const camera = photo(event.target);
      return camera && (() => camera.click());
    }
    const target = find(named(event));
    return target ? () => press(target) : rows(event);
  };
  const MODIFIERS = ["Alt", "Control", "Meta", "Shift"]; /* half of a short cut, not a key typed */
  document.addEventListener("keydown", (event) => {
    if (MODIFIERS.includes(event.key)) return;
    const scanned = event.timeStamp - lastKey < SCAN_MS;
    lastKey = event.timeStamp;
    if (page.dataset.keys === "off" || scanned || composing(event)) return;
    const act = shortcut(event);
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* -- j and k go down and up the rows of a list; Enter opens the row, as every link ---------------- */
  const rowLinks = () => [...document.querySelectorAll("[data-rows] tbody th[scope=row] a")];
  const step = (by) => {
    const links = rowLinks();
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 && by < 0 ? links.length - 1 : at + by];
    if (next) next.focus();
  };
  const rows = (event) => {
    const by = { j: 1, k: -1 }[named(event)];
    return by && !inText(event.target) && rowLinks().length && (() => step(by));
  };

  /* -- How many signs are typed, said without judging --------------------------------------------- */
  const tell = (field) => {
    const wanted = Number(field.dataset.countTo);
    const length = field.value.replace(/\s/g, "").length;
    const words = length < wanted ? field.dataset.short
      : length > wanted ? field.dataset.long : field.dataset.full;
    const line = document.getElementById(`${field.id}-count`);
    if (!line) return;
    line.textContent = length
      ? words.replace("#1", length).replace("#2", Math.abs(wanted - length)) : "";
  };
  document.addEventListener("input", (event) => {
    if (event.target.dataset.countTo) tell(event.target);
  });

  /* -- A photo is kept as soon as it is taken -------------------------------------------------------- */
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "file" || !field.files.length) return;
    const row = field.closest("[data-paper]");
    const keep = row && row.querySelector("button[name=go][value^='photo:']");
    if (keep) field.form.requestSubmit(keep);
  });

  /* -- The clock goes on; the chip says "not known" when nobody answers ---------------------------- */
  const clock = document.querySelector("[data-clock]");
  const shanghai = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai",
  });
  if (clock) {
    const start = Number(clock.dataset.clock) - performance.now();
    setInterval(() => { clock.textContent = shanghai.format(start + performance.now()); }, 5000);
  }
  const lost = (event) => {
    const chip = document.getElementById("link-chip");
    if (!chip || event.detail.elt !== chip) return;
    chip.className = "chip chip-unknown";
    chip.querySelector("span").textContent = chip.dataset.lost;
  };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:responseError", lost);

  /* -- A comparison is saved when every row is answered; the server asks the same ------------------- */
  const open = (form) => {
    for (const group of form.querySelectorAll("fieldset")) {
      const chosen = group.querySelector("input:checked");
      if (!chosen) return group.querySelector("input");
      const typed = chosen.value === "set" && form.elements[chosen.name.replace(/^choose/, "set")];
      if (typed && !typed.value.trim()) return typed;
    }
    return form.elements.reason.value.trim() ? null : form.elements.reason;
  };
  const weigh = (form) => {
    const missing = open(form);
    form.querySelector("button[name=go]").setAttribute("aria-disabled", String(Boolean(missing)));
    form.querySelector("[data-unanswered]").hidden = !missing;
  };
  const weighed = (event) => {
    const form = event.target.closest("[data-answer-all]");
    return form && event.target.closest("button[name=go]") ? form : null;
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.dataset.answerAll !== undefined) weigh(form);
  });
  document.addEventListener("click", (event) => {
    const form = weighed(event);
    const missing = form && open(form);
    if (!missing) return;
    event.preventDefault();
    missing.focus();
  });

  const ready = () => {
    document.querySelectorAll("[data-answer-all]").forEach(weigh);
    document.querySelectorAll("[data-count-to]").forEach(tell);
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
    if (document.body.hasAttribute("data-print-now")) window.print();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
