// The attributes style and class of messages: what of them is let through.

import type { CSSProperties } from "react";

// The properties of the language that change only how the element itself looks. Those that place
// elements are not among them.
const properties = new Set(
  (
    "background background-color border border-bottom border-bottom-color border-bottom-left-radius " +
    "border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-color border-left " +
    "border-left-color border-left-style border-left-width border-radius border-right border-right-color " +
    "border-right-style border-right-width border-spacing border-style border-top border-top-color " +
    "border-top-left-radius border-top-right-radius border-top-style border-top-width border-width box-shadow " +
    "box-sizing caption-side clear color display empty-cells flex flex-basis flex-direction flex-flow flex-grow " +
    "flex-shrink flex-wrap align-content align-items align-self justify-content justify-items justify-self " +
    "font font-family font-size font-style font-variant font-weight gap grid grid-area grid-column grid-row " +
    "grid-template grid-template-areas grid-template-columns grid-template-rows column-gap row-gap height " +
    "letter-spacing line-height list-style list-style-position list-style-type margin margin-bottom margin-left " +
    "margin-right margin-top max-height max-width min-height min-width opacity outline overflow overflow-x overflow-y " +
    "padding padding-bottom padding-left padding-right padding-top table-layout text-align text-decoration " +
    "text-decoration-color text-decoration-line text-decoration-style text-indent text-overflow text-shadow " +
    "text-transform visibility white-space width word-break word-spacing word-wrap"
  ).split(" "),
);

// A value may be words, numbers, colours and lists of them. Functions are those that compute a
// colour or a length: nothing that loads anything.
const value = /^(?:[-\w\s.,%#'"/!]|(?:rgba?|hsla?|calc|min|max|minmax|repeat|clamp)\([-\w\s.,%+*/]*\))*$/;

// Negative lengths lay a message over others; lengths of thousands hide what is below.
const excessive = /(?:^|[\s(])(?:-\d|\d{4})|!important/i;

export function styleOf(element: Element): CSSProperties | undefined {
  const given = element.getAttribute("style");
  if (!given) return undefined;
  const style: Record<string, string> = {};
  for (const part of given.split(";")) {
    const colon = part.indexOf(":");
    if (colon < 0) continue;
    const name = part.slice(0, colon).trim().toLowerCase();
    const what = part.slice(colon + 1).trim();
    if (!properties.has(name) || !value.test(what) || what.length > 200 || excessive.test(what)) continue;
    style[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())] = what;
  }
  return style as CSSProperties;
}

// The classes that style messages: those of the vendor's client.
const known = /^tempo-(?:text|bg)-color--[a-z]+$/;

export function classOf(element: Element): string {
  const names = (element.getAttribute("class") ?? "").split(/\s+/);
  return names.filter((name) => known.test(name)).join(" ");
}
