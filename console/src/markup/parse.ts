// Reads PresentationML. What it returns is only walked, never put into the page.

const mostNodes = 20_000;

/** parse returns the root element; undefined if the text is no PresentationML that can be shown. */
export function parse(markup: string): Element | undefined {
  if (markup.includes("<!DOCTYPE") || markup.includes("<!ENTITY")) return undefined;
  const document = new DOMParser().parseFromString(markup, "application/xml");
  const root = document.documentElement;
  if (!root || document.getElementsByTagName("parsererror").length > 0) return undefined;
  if (document.getElementsByTagName("*").length > mostNodes) return undefined;
  return root;
}

/** plain returns the text of PresentationML, with spaces between blocks. */
export function plain(markup: string): string {
  const root = parse(markup);
  if (!root) return markup;
  const pieces: string[] = [];
  const walk = (node: Node, depth: number) => {
    if (node.nodeType === 3 || node.nodeType === 4) pieces.push(node.textContent ?? "");
    if (node.nodeType !== 1) return;
    if (depth > 200) {
      pieces.push(node.textContent ?? "");
      return;
    }
    if (blocks.has(node.nodeName)) pieces.push(" ");
    for (const child of node.childNodes) walk(child, depth + 1);
    if (blocks.has(node.nodeName)) pieces.push(" ");
  };
  walk(root, 0);
  return pieces.join("").replace(/\s+/gu, " ").trim();
}

const blocks = new Set("div p br hr h1 h2 h3 h4 h5 h6 ul ol li table tr td th pre form option".split(" "));

export interface Entity {
  type?: string;
  id?: { type?: string; value?: string }[];
  data?: Record<string, unknown>;
}

/** entitiesOf reads EntityJSON: objects by the ids that elements name, at any depth. */
export function entitiesOf(data: string | null | undefined): Map<string, Entity> {
  const found = new Map<string, Entity>();
  let root: unknown;
  try {
    root = JSON.parse(data || "{}");
  } catch {
    return found;
  }
  const walk = (value: unknown, depth: number) => {
    if (depth > 20 || typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== "object" || member === null) continue;
      if (!Array.isArray(member) && !found.has(key)) found.set(key, member as Entity);
      walk(member, depth + 1);
    }
  };
  walk(root, 0);
  return found;
}
