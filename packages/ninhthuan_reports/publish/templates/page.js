"use strict";
const all = (query, place = document) => [...place.querySelectorAll(query)];
const fold = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

// what only a script can do is hidden until there is one
for (const one of all("[data-script]")) one.hidden = false;

// a filter: words in any order, with or without accents; an item is found by its own text or by that of its group's head
for (const box of all("[data-filter]")) {
  const field = box.querySelector("input"), said = box.querySelector("output");
  const groups = all("[data-group]", document.getElementById(box.dataset.filter)).map(place => {
    const head = fold(place.firstElementChild.textContent);
    return { place, head, items: all("ul > li", place).map(item => ({ item, text: `${fold((item.querySelector("h3") || item).textContent)} ${head}` })) };
  });
  field.addEventListener("input", () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    const fits = text => words.every(word => text.includes(word));
    let count = 0;
    for (const { place, head, items } of groups) {
      const shown = items.filter(({ item, text }) => !(item.hidden = !fits(text))).length;
      place.hidden = !shown && !fits(head);
      count += shown;
    }
    said.textContent = !words.length ? "" : count ? said.dataset.some.replace("#", count) : said.dataset.none;
  });
}

// a text to copy; where the clipboard is refused it is shown and selected
const status = document.getElementById("status");
let waiting;
for (const button of all("button[data-copy]")) button.addEventListener("click", async () => {
  const text = document.getElementById(button.dataset.copy);
  let done = true;
  try {
    await navigator.clipboard.writeText(text.textContent);
  } catch {
    text.closest("details").open = true;
    text.focus();
    getSelection().selectAllChildren(text);
    done = false;
  }
  status.textContent = done ? status.dataset.done : status.dataset.selected;
  clearTimeout(waiting);
  waiting = setTimeout(() => { status.textContent = ""; }, 8000);
});

// the same report in the other language, if it is there: a picture of it can be seen
for (const link of all("a[data-other]")) {
  const picture = new Image();
  picture.onload = () => { link.href = link.dataset.other; link.hreflang = link.lang; link.hidden = false; };
  picture.src = link.dataset.picture;
}
