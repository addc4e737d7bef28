// A message as it was typed, for editing it.

import { entitiesOf, parse } from "../../markup/parse";
import type { Mention } from "./compose";

/** typed returns what a person would type for a message, and whom it mentions. */
export function typed(message: string, data: string | null | undefined): { text: string; mentions: Mention[] } {
  const root = parse(message);
  const entities = entitiesOf(data);
  const mentions: Mention[] = [];
  if (!root) return { text: message, mentions };
  const walk = (node: Node, depth: number): string => {
    if (node.nodeType === 3 || node.nodeType === 4) return node.textContent ?? "";
    if (node.nodeType !== 1 || depth > 100) return "";
    const e = node as Element;
    const inner = () => [...e.childNodes].map((n) => walk(n, depth + 1)).join("");
    const entity = entities.get(e.getAttribute("data-entity-id") ?? "");
    if (entity?.type === "com.symphony.user.mention") {
      const name = (e.textContent ?? "").replace(/^@/, "");
      mentions.push({ id: Number(entity.id?.[0]?.value), name });
      return `@${name}`;
    }
    if (entity?.type === "com.symphony.emoji") return `:${String(entity.data?.shortcode)}:`;
    switch (e.nodeName) {
      case "br":
        return "\n";
      case "b":
        return `**${inner()}**`;
      case "i":
        return `_${inner()}_`;
      case "code":
        return `\`${inner()}\``;
      case "pre":
        return `\`\`\`\n${inner()}\n\`\`\``;
      case "p":
      case "li":
        return `${inner()}\n`;
      default:
        return inner();
    }
  };
  return { text: walk(root, 0).trim(), mentions };
}
