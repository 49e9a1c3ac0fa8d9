// The library page with script: a search box, and a note for each review date that has gone by since it was written.

/** Letters to compare by: without regard to capitals and accents. */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const box = document.getElementById("search");
if (box) {
  const found = document.getElementById("found");
  const words = JSON.parse(found.dataset.words);
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const entries = [...document.querySelectorAll(".editions > li")].map((item) => [item, plain(item.innerText)]);
  box.addEventListener("input", () => {
    const wanted = plain(box.value).split(/\s+/);
    let count = 0;
    for (const [item, text] of entries) {
      item.hidden = !wanted.every((word) => text.includes(word));
      count += item.hidden ? 0 : 1;
    }
    const form = count ? (words[rules.select(count)] ?? words.other) : words.none;
    found.textContent = box.value.trim() ? form.replace("{count}", count) : "";
  });
}

const now = new Date();
const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
for (const note of document.querySelectorAll("[data-due]")) {
  if (note.dataset.due < today) note.hidden = false;
}
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
