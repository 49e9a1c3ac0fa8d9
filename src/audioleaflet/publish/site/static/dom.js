export const byId = (id) => document.getElementById(id);
export const all = (selector) => [...document.querySelectorAll(selector)];
export const on = (target, events, act) => events.split(" ").forEach((event) => target.addEventListener(event, act));
export const press = (id, act) => on(byId(id), "click", act);
export const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const section = byId("player");
export const words = JSON.parse(section.dataset.words);
export const tell = (text) => (byId("told").textContent = text);

const split = (seconds) => [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];

/** Milliseconds, rounded down as players do: "1:23", "1:02:03". */
export function clock(ms) {
  const [hours, ...rest] = split(Math.floor(ms / 1000));
  const [minutes, seconds] = rest.map((part) => String(part).padStart(2, "0"));
  return hours ? `${hours}:${minutes}:${seconds}` : `${Number(minutes)}:${seconds}`;
}

/** "1 minute 23 seconds", in the plural forms that the wording has. */
export function inWords(ms) {
  const rules = new Intl.PluralRules(document.documentElement.lang);
  const told = split(Math.round(ms / 1000)).map((count, index) => {
    const unit = words.units[index];
    return (count || (index === 2 && ms < 500)) && fill(unit[rules.select(count)] ?? unit.other, { count });
  });
  return told.filter(Boolean).join(" ");
}
