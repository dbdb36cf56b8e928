(function () {
  "use strict";
  var root = document.documentElement;

  function stored(value) {
    try {
      if (value === undefined) { return window.localStorage.getItem("readiness-theme"); }
      window.localStorage.setItem("readiness-theme", value);
    } catch (refused) { /* a browser may keep nothing */ }
    return null;
  }

  function isDark() {
    var chosen = root.getAttribute("data-theme");
    return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  var kept = stored();
  if (kept === "dark" || kept === "light") { root.setAttribute("data-theme", kept); }

  function theme() {
    var button = document.getElementById("page.theme");
    var word = button.querySelector(".theme-word");
    function tell() {
      word.textContent = isDark() ? "Light" : "Dark";
      button.setAttribute("aria-label", "Use " + (isDark() ? "light" : "dark") + " colours");
    }
    button.addEventListener("click", function () {
      var next = isDark() ? "light" : "dark";
      root.setAttribute("data-theme", next);
      stored(next);
      tell();
    });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
    button.hidden = false;
    tell();
  }

  // What is wider than its place can be reached, and moved, by keyboard.
  function scrollers() {
    document.querySelectorAll(".scroll, .prose pre, .pic-scroll").forEach(function (box) {
      box.classList.remove("fits");
      if (box.scrollWidth > box.clientWidth + 1) { box.setAttribute("tabindex", "0"); return; }
      box.removeAttribute("tabindex");
      box.classList.add("fits");
    });
  }

  function findings() {
    var form = document.querySelector(".filters");
    if (!form) { return; }
    var fields = Array.prototype.slice.call(form.querySelectorAll("[data-filter]"));
    var groups = Array.prototype.map.call(document.querySelectorAll("[data-group]"), function (group) {
      return { group: group, rows: group.querySelectorAll("[data-finding]").length, number: group.querySelector(".number") };
    });
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-finding]")).map(function (row) {
      return { row: row, text: row.textContent.replace(/\s+/g, " ").toLowerCase(), owners: row.dataset.owner.split("|") };
    });
    var shown = document.getElementById("filter.shown");
    var empty = document.getElementById("filter.empty");
    var all = document.getElementById("filter.open");
    var toggled = false;

    function wanted() {
      var found = {};
      fields.forEach(function (field) { if (field.value) { found[field.dataset.filter] = field.value; } });
      return found;
    }

    function matches(one, want, words) {
      var data = one.row.dataset;
      if (want.outcome === "open" ? data.open !== "yes" : want.outcome && data.outcome !== want.outcome) { return false; }
      if (want.severity && data.severity !== want.severity) { return false; }
      if (want.area && data.area !== want.area) { return false; }
      if (want.owner && one.owners.indexOf(want.owner) < 0) { return false; }
      return words.every(function (word) { return one.text.indexOf(word) >= 0; });
    }

    function apply() {
      var want = wanted();
      var words = (want.q || "").toLowerCase().split(/\s+/).filter(Boolean);
      var number = 0;
      rows.forEach(function (one) {
        var fits = matches(one, want, words);
        one.row.hidden = !fits;
        if (fits) { number += 1; }
      });
      groups.forEach(function (one) {
        var left = one.group.querySelectorAll("[data-finding]:not([hidden])").length;
        one.group.hidden = left === 0;
        one.number.textContent = left === one.rows ? one.rows : left + " of " + one.rows;
      });
      shown.textContent = number + " of " + rows.length + " findings";
      empty.hidden = number > 0;
    }

    function remember() {
      var want = wanted();
      var parts = Object.keys(want).map(function (key) { return key + "=" + encodeURIComponent(want[key]); });
      var target = "#" + parts.join("&");
      try { window.history.replaceState(null, "", parts.length ? target : window.location.pathname); }
      catch (refused) { window.location.replace(target); }
    }

    function restore() {
      var text = window.location.hash.slice(1);
      var target = text.indexOf("=") < 0 && text ? document.getElementById(decoded(text)) : null;
      var want = {};
      if (!target) {
        text.split("&").forEach(function (part) {
          var at = part.indexOf("=");
          if (at > 0) { want[part.slice(0, at)] = decoded(part.slice(at + 1)); }
        });
      }
      fields.forEach(function (field) {
        field.value = want[field.dataset.filter] || "";
        if (field.value !== (want[field.dataset.filter] || "")) { field.value = ""; }
      });
      apply();
      if (target && target.tagName === "DETAILS") {
        target.open = true;
        target.scrollIntoView({ block: "start" });
        target.querySelector("summary").focus({ preventScroll: true });
      }
    }

    function decoded(text) {
      try { return decodeURIComponent(text); } catch (broken) { return text; }
    }

    fields.forEach(function (field) {
      field.addEventListener(field.tagName === "SELECT" ? "change" : "input", function () { apply(); remember(); });
    });
    document.getElementById("filter.clear").addEventListener("click", function () {
      fields.forEach(function (field) { field.value = ""; });
      apply();
      remember();
      fields[0].focus();
    });
    all.addEventListener("click", function () {
      toggled = !toggled;
      rows.forEach(function (one) { if (!one.row.hidden) { one.row.firstElementChild.open = toggled; } });
      all.setAttribute("aria-pressed", String(toggled));
    });
    window.addEventListener("hashchange", restore);
    form.hidden = false;
    restore();
  }

  // On paper nothing is folded away.
  function paper() {
    var opened = [];
    window.addEventListener("beforeprint", function () {
      opened = Array.prototype.filter.call(document.querySelectorAll("details"), function (one) { return !one.open; });
      opened.forEach(function (one) { one.open = true; });
    });
    window.addEventListener("afterprint", function () { opened.forEach(function (one) { one.open = false; }); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    theme();
    findings();
    paper();
    scrollers();
    window.addEventListener("resize", scrollers);
  });
})();
