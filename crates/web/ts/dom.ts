// Elements without markup: text goes in as text, so nothing that a record holds can become a tag.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | (() => void)>;

function fill(node: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, String(value));
  }
  for (const child of children) if (child) node.append(child);
}

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag) as SVGElement;
  fill(node, attributes, children);
  return node;
}

export const icon = (id: string): SVGElement =>
  svg("svg", { class: "mark", "aria-hidden": "true", focusable: "false" }, svg("use", { href: `#${id}` }));

export const byId = (id: string): HTMLElement | null => document.getElementById(id);

/** What the server wrote on the page's body. */
export const page = () => {
  const data = document.body.dataset;
  return {
    name: data["page"] ?? "",
    viewer: data["viewer"] ?? "stranger",
    origin: data["origin"] ?? "",
    boardKey: data["boardKey"] ?? "",
    logKey: data["logKey"] ?? "",
    unit: data["unit"] ?? "",
    zone: data["zone"] ?? "",
    zoneMinutes: Number(data["zoneMinutes"] ?? 0),
    person: data["person"] ?? "",
  };
};

/** `14:02:11 MDT` */
export function clock(ms: number): string {
  const { zone, zoneMinutes } = page();
  return `${new Date(ms + zoneMinutes * 60_000).toISOString().slice(11, 19)} ${zone}`.trim();
}

/** `14:02 MDT`, with the day when it is another one than today's. */
export function moment(ms: number): string {
  const { zone, zoneMinutes } = page();
  const local = (at: number): string => new Date(at + zoneMinutes * 60_000).toISOString();
  const [day, today] = [local(ms).slice(0, 10), local(Date.now()).slice(0, 10)];
  return `${local(ms).slice(11, 16)} ${zone}${day === today ? "" : ` on ${day}`}`.trim();
}
