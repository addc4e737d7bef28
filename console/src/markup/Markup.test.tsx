import { render } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { hostile } from "./hostile.mjs";
import { Markup } from "./Markup";
import { entitiesOf, parse, plain } from "./parse";

const wrap = (markup: string) => `<div data-format="PresentationML" data-version="2.0">${markup}</div>`;

function show(markup: string, data?: object) {
  const { container } = render(<Markup message={{ message: wrap(markup), data: JSON.stringify(data ?? {}) }} me={7} />);
  return container.querySelector(".markup") as HTMLElement;
}

const allowed = new Set(
  (
    "div span b i u s sub sup br hr p pre code ul ol li table thead tbody tfoot tr th td img a time button label " +
    "fieldset input textarea select option svg path small"
  ).split(" "),
);

test("there are enough hostile texts", () => {
  expect(new Set(hostile).size).toBeGreaterThan(300);
});

test.each(hostile)("nothing hostile is left of %s", (markup) => {
  const alert = vi.fn();
  vi.stubGlobal("alert", alert);
  for (const message of [wrap(markup), markup]) {
    const { container, unmount } = render(<Markup message={{ message, data: "{}" }} me={7} />);
    const root = container.querySelector(".markup") as HTMLElement;
    for (const e of root.querySelectorAll("*")) {
      const name = e.localName;
      expect(allowed, e.outerHTML).toContain(name);
      if (e.closest("svg")) {
        expect(e.closest("button")).not.toBeNull(); // the console's own icons
        continue;
      }
      for (const { name: attribute, value } of e.attributes) {
        expect(attribute.toLowerCase()).not.toMatch(
          /^on|^srcdoc$|^srcset$|^formaction$|^action$|^ping$|^xlink|^autofocus$/,
        );
        if (attribute === "href") expect(value).toMatch(/^(?:https?|mailto|tel|symphony|sip):/);
        if (attribute === "src") expect(value).toMatch(/^data:image\/(?:png|jpeg|gif|webp);base64,/);
        if (attribute === "style") expect(value).not.toMatch(/url|expression|fixed|z-index|var\(|attr\(|image-set|\\/i);
        if (attribute === "class") expect(value).not.toMatch(/modal|skip|popover|lost/);
        if (attribute === "target") expect(value).toBe("_blank");
        if (attribute === "id") expect(value).not.toMatch(/root|getElementById|location/);
      }
    }
    unmount();
  }
  expect(alert).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});

test("what is no PresentationML is shown as it is written", () => {
  const { container } = render(<Markup message={{ message: "<b>not closed <script>x</script>" }} me={7} />);
  expect(container.textContent).toBe("<b>not closed <script>x</script>");
});

test("escaped markup is text", () => {
  expect(show("a &lt;b&gt; &amp; c").textContent).toBe("a <b> & c");
});

test("the tags of the language are shown", () => {
  const root = show(
    "<h1>T</h1><p>a<b>b</b><i>i</i><sub>1</sub><sup>2</sup><br/></p><ul><li>x</li></ul><ol><li>y</li></ol><hr/>" +
      '<table><thead><tr><th>h</th></tr></thead><tbody><tr><td colspan="2">c</td></tr></tbody></table>' +
      '<pre>a  b</pre><code data-language="go">func</code><a href="https://example.com/x">l</a>',
  );
  expect(root.querySelector(".title.h1")?.textContent).toBe("T");
  expect(root.querySelectorAll("b, i, sub, sup, br, hr, ul li, ol li, thead th, tbody td").length).toBe(10);
  expect(root.querySelector("td")?.getAttribute("colspan")).toBe("2");
  const link = root.querySelector("a");
  expect([link?.getAttribute("href"), link?.target, link?.rel]).toEqual([
    "https://example.com/x",
    "_blank",
    "noreferrer",
  ]);
});

test("styles of the language are kept, others are not", () => {
  const root = show('<span style="color: red; position: fixed; margin-left: 4px; background: url(x)">x</span>');
  const style = root.querySelector("span")?.getAttribute("style") ?? "";
  expect(style).toMatch(/color: red/);
  expect(style).toMatch(/margin-left: 4px/);
  expect(style).not.toMatch(/position|url/);
});

test("lengths that hide other messages are not kept, colours are", () => {
  const root = show('<span style="color: #123456; margin: 2px -40px; height: 90000px">x</span>');
  const style = root.querySelector("span")?.getAttribute("style") ?? "";
  expect(style).toMatch(/color/);
  expect(style).not.toMatch(/margin|height/);
});

test("classes of the language are kept, others are not", () => {
  const root = show('<div class="tempo-text-color--green modal wysiwyg">x</div>');
  expect(root.firstElementChild?.className).toBe("tempo-text-color--green");
});

test("mentions, tags and emoji come from the data", () => {
  const data = {
    mention1: { type: "com.symphony.user.mention", id: [{ type: "com.symphony.user.userId", value: "7" }] },
    keyword2: { type: "org.symphonyoss.taxonomy", id: [{ value: "deal" }] },
    emoji3: { type: "com.symphony.emoji", data: { shortcode: "smile" } },
  };
  const span = (id: string, text: string) => `<span class="entity" data-entity-id="${id}">${text}</span>`;
  const root = show(
    span("mention1", "@Alice") + span("keyword2", "#deal") + span("emoji3", "😄") + span("other", "x"),
    data,
  );
  expect(root.querySelector(".mention.own")?.textContent).toBe("@Alice");
  expect(root.querySelector(".tag")?.textContent).toBe("#deal");
  expect(root.querySelector(".emoji")?.getAttribute("aria-label")).toBe("smile");
  expect(root.textContent).toBe("@Alice#deal😄x");
});

test("a chime does not sound", () => {
  expect(
    show('<audio src="https://asset.symphony.com/symphony/audio/chime.mp3" autoplay="true"/>').querySelector("audio"),
  ).toBeNull();
});

test("deep nesting and many elements are bounded", () => {
  const deep = show("<div>".repeat(3000) + "x" + "</div>".repeat(3000));
  expect(deep.querySelectorAll("*").length).toBeLessThan(200);
  expect(deep.textContent).toContain("x");
  expect(parse(wrap("<b>x</b>".repeat(30_000)))).toBeUndefined();
});

test("document types are refused: they define entities", () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><div>&a;</div>';
  expect(parse(bomb)).toBeUndefined();
  expect(plain(bomb)).toBe(bomb);
});

test("plain text has spaces between blocks", () => {
  expect(plain(wrap("<h1>T</h1><p>x</p><ul><li>a</li><li>b</li></ul>"))).toBe("T x a b");
});

test("entities within entities are found, and damaged data harms nothing", () => {
  expect(entitiesOf('{"a":{"type":"t","b":{"type":"u"}}}').get("b")?.type).toBe("u");
  for (const data of ["", "{", "[]", "null", "1", undefined, null]) expect(entitiesOf(data).size).toBe(0);
});
