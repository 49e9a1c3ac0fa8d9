import { all, byId, fill, inWords, on, press, section, tell, words } from "./dom.js";
import { sentence } from "./marking.js";
import { audio, player } from "./player.js";

const { edition, key } = section.dataset;
const SWITCHES = "audioleaflet"; // kept for all leaflets
const OWN = `audioleaflet ${key}`; // place and speed in this one, once play was pressed
const NAME = /^c(\d+)-\d+-([0-9a-f]{8})$/; // a sentence: chapter, cue, edition
const speed = byId("speed");
let keeps = false;
let place = "";

/** An object: empty where storage is blocked or holds something else. */
const read = (name) => {
  try {
    return { ...JSON.parse(localStorage.getItem(name)) };
  } catch {
    return {};
  }
};
/** With no value, it is dropped. Where the browser refuses, the page says so. */
const write = (name, value) => {
  try {
    if (value) localStorage.setItem(name, JSON.stringify(value));
    else localStorage.removeItem(name);
  } catch {
    byId("kept").textContent = words.not_kept;
    byId("forget").hidden = true;
  }
};
const keep = () => keeps && write(OWN, { place, speed: speed.value });

/** Open at a named sentence; of another edition, at its chapter's start, or the book's. */
const go = (name, phrase) => {
  const [, number, of] = NAME.exec(name) ?? [];
  if (!number) return false;
  const same = of === edition;
  const start = player.starts[player.numbers.indexOf(Number(number))] ?? 0;
  player.seek((same && byId(name)?.dataset.at) || start);
  const told = fill(phrase, { time: inWords(audio.currentTime * 1000), chapter: player.title });
  tell(same ? told : `${words.updated} ${told}`);
  return true;
};
const goToLink = () => go(location.hash.slice(1), words.shared);

write(`${OWN}?`, 1); // is anything kept?
write(`${OWN}?`);
const kept = read(OWN);
speed.value = kept.speed;
speed.value ||= 1;
speed.dispatchEvent(new Event("change"));
if (!goToLink()) go(String(kept.place), words.resume);
on(window, "hashchange", goToLink);
on(window, "sentence", () => {
  place = sentence().id;
  keep();
});
on(speed, "change", keep);
on(audio, "play", () => {
  keeps = true;
  keep();
});
on(audio, "ended", () => {
  place = "";
  keep();
});
press("forget", () => {
  keeps = false;
  write(OWN);
  write(SWITCHES);
  tell(words.forgotten);
});

// A switch that is off is a class of the page.
for (const box of all("[type=checkbox]")) {
  const show = () => document.body.classList.toggle(`no-${box.id}`, !box.checked);
  box.checked = read(SWITCHES)[box.id] !== false;
  show();
  on(box, "change", show);
  on(box, "change", () => write(SWITCHES, { ...read(SWITCHES), [box.id]: box.checked }));
}
