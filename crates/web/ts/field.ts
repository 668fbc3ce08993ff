// Fields of an offer, as large controls.

import type { Choice, Field } from "./acts.ts";
import { sightBody } from "./acts.ts";
import { el } from "./dom.ts";
import { SightForm } from "./sight.ts";

export interface Entry {
  node: HTMLElement;
  /** The value, `undefined` to leave the member out, or `null` while it is missing. */
  value: () => unknown;
}

export function entry(field: Field, changed: () => void): Entry {
  const kind = field.kind;
  switch (kind.kind) {
    case "choice":
      return choice(field.label, kind.options, false, changed);
    case "several":
      return choice(field.label, kind.options, true, changed);
    case "count": {
      const input = el("input", { type: "number", inputmode: "numeric", min: kind.min, max: kind.max, step: 1 });
      input.addEventListener("input", changed);
      const value = (): number | null => {
        const n = input.valueAsNumber;
        return Number.isInteger(n) && n >= kind.min && n <= kind.max ? n : null;
      };
      return { node: el("label", { class: "field" }, field.label, input), value };
    }
    case "words": {
      const input = el("textarea", { rows: 2, maxlength: kind.chars_max });
      input.addEventListener("input", changed);
      const value = (): string | null | undefined => input.value.trim() || (kind.optional ? "" : null);
      return { node: el("label", { class: "field" }, field.label, input), value };
    }
    case "day": {
      const input = el("input", { type: "date" });
      input.addEventListener("input", changed);
      // The whole of that day, by the calendar of this phone; a day half typed is none.
      const value = (): number | null | undefined => {
        if (input.validity.badInput) return null;
        const [year, month, day] = input.value.split("-").map(Number);
        return year && month && day ? new Date(year, month - 1, day + 1).getTime() - 1 : undefined;
      };
      return { node: el("label", { class: "field" }, el("span", {}, field.label, el("small", {}, " if it names an end")), input), value };
    }
    case "time": {
      const input = el("input", { type: "datetime-local" });
      input.addEventListener("input", changed);
      const value = (): number | null | undefined => {
        const at = new Date(input.value).getTime();
        if (!Number.isNaN(at)) return at;
        return kind.optional && !input.validity.badInput ? undefined : null;
      };
      return { node: el("label", { class: "field" }, el("span", {}, field.label, kind.optional ? el("small", {}, " if it is over") : ""), input), value };
    }
    case "sight": {
      const form = new SightForm(kind.of, false, changed);
      const value = (): unknown => {
        const sight = form.sight();
        return sight ? sightBody(sight) : null;
      };
      return { node: el("div", { class: "field" }, el("span", {}, field.label), form.node), value };
    }
  }
}

function choice(label: string, options: Choice[], isSeveral: boolean, changed: () => void): Entry {
  const chosen = new Set<number>();
  const buttons = options.map((option, place) => {
    const button = el("button", { class: "ghost", type: "button", "aria-pressed": "false" }, option.label);
    button.addEventListener("click", () => {
      if (chosen.has(place)) chosen.delete(place);
      else {
        if (!isSeveral) chosen.clear();
        chosen.add(place);
      }
      buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(chosen.has(i))));
      changed();
    });
    return button;
  });
  const value = (): unknown => {
    const values = [...chosen].sort((a, b) => a - b).map((place) => options[place]?.value);
    return isSeveral ? values : (values[0] ?? null);
  };
  return { node: el("div", { class: "field", role: "group", "aria-label": label }, el("span", {}, label), el("div", { class: "buttons" }, ...buttons)), value };
}
