// The elements of PresentationML. Each is made anew from what is known of its tag: no attribute is
// copied that is not named here, and no text becomes HTML.

import type { ReactNode } from "react";
import { text } from "../text";
import { Card, ExpandableCard } from "./Card";
import { Dialog, UIAction } from "./Dialog";
import { EntitySpan, When } from "./entities";
import { Form } from "./form/Form";
import { FormButton } from "./form/FormButton";
import { field } from "./form/field";
import { Label } from "./form/Label";
import { link, picture } from "./links";
import { classOf, styleOf } from "./style";

/** deepest is how many elements are shown within each other; what is deeper is shown as text. */
const deepest = 120;

/** children returns what is in an element. */
export function children(of: Element, depth: number): ReactNode[] {
  return [...of.childNodes].map((node, i) => one(node, i, depth + 1));
}

function one(node: ChildNode, key: number, depth: number): ReactNode {
  if (node.nodeType === 3 || node.nodeType === 4) return node.textContent;
  if (node.nodeType !== 1) return null;
  if (depth > deepest) return node.textContent;
  const element = node as Element;
  // names of other languages, such as SVG, mean nothing here
  if (element.namespaceURI) return <Plain key={key} of={element} depth={depth} />;
  return known(element, key, depth);
}

function Plain({ of, depth }: { of: Element; depth: number }) {
  return <>{children(of, depth)}</>;
}

const has = (element: Element, name: string) => (element.getAttribute("class") ?? "").split(/\s+/).includes(name);

function known(e: Element, key: number, depth: number): ReactNode {
  const looks = { className: classOf(e) || undefined, style: styleOf(e) };
  const inner = () => children(e, depth);
  const special = divOrSpan(e, key, depth);
  if (special !== undefined) return special;
  const control = field(e, key);
  if (control !== undefined) return control;
  switch (e.nodeName) {
    case "div":
      return (
        <div key={key} {...looks}>
          {inner()}
        </div>
      );
    case "p":
      // a div: a message may put anything into a paragraph, HTML may not
      return (
        <div key={key} {...looks} className={`paragraph ${looks.className ?? ""}`}>
          {inner()}
        </div>
      );
    case "span":
      return (
        <span key={key} {...looks}>
          {inner()}
        </span>
      );
    case "b":
    case "strong":
      return (
        <b key={key} {...looks}>
          {inner()}
        </b>
      );
    case "i":
    case "em":
      return (
        <i key={key} {...looks}>
          {inner()}
        </i>
      );
    case "u":
      return <u key={key}>{inner()}</u>;
    case "s":
      return <s key={key}>{inner()}</s>;
    case "sub":
      return <sub key={key}>{inner()}</sub>;
    case "sup":
      return <sup key={key}>{inner()}</sup>;
    case "br":
      return <br key={key} />;
    case "hr":
      return <hr key={key} />;
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      // no headings of the page: its outline would be that of all messages
      return (
        <div key={key} style={looks.style} className={`title ${e.nodeName} ${looks.className ?? ""}`}>
          {inner()}
        </div>
      );
    case "pre":
      return (
        <pre key={key} {...looks}>
          {inner()}
        </pre>
      );
    case "code":
      return <Code key={key} of={e} depth={depth} />;
    case "ul":
      return (
        <ul key={key} {...looks}>
          {items(e, depth)}
        </ul>
      );
    case "ol":
      return (
        <ol key={key} {...looks}>
          {items(e, depth)}
        </ol>
      );
    case "table":
      return <Table key={key} of={e} depth={depth} />;
    case "img":
      return <Picture key={key} of={e} />;
    case "a":
      return <Anchor key={key} of={e} depth={depth} />;
    case "audio":
      return (
        <span key={key} className="chime">
          {text.markup.chime}
        </span>
      );
    case "time":
      return <When key={key} of={e} />;
    case "form":
      return <Form key={key} of={e} depth={depth} />;
    case "button":
      return <FormButton key={key} of={e} />;
    case "label":
      return <Label key={key} of={e} />;
    case "dialog":
      return <Dialog key={key} of={e} depth={depth} />;
    case "script":
    case "style":
    case "title":
    case "option":
      return e.textContent;
    default:
      return <Plain key={key} of={e} depth={depth} />;
  }
}

/** divOrSpan returns what a class makes of a div or span; undefined for plain ones. */
function divOrSpan(e: Element, key: number, depth: number): ReactNode | undefined {
  if (e.nodeName !== "div" && e.nodeName !== "span") return undefined;
  if (has(e, "entity")) return <EntitySpan key={key} of={e} depth={depth} />;
  if (e.nodeName === "span") {
    if (has(e, "info-hint")) return <Hint key={key} title={e.getAttribute("data-title") ?? ""} />;
    return undefined;
  }
  if (has(e, "dialog-title")) return null; // the dialog shows it as its own
  if (has(e, "card")) return <Card key={key} of={e} depth={depth} />;
  if (has(e, "expandable-card")) return <ExpandableCard key={key} of={e} depth={depth} />;
  if (has(e, "ui-action")) return <UIAction key={key} of={e} depth={depth} />;
  if (e.hasAttribute("data-generated")) return groupOf(e, key, depth);
  if (has(e, "checkbox-group") || has(e, "radio-group")) return groupOf(e, key, depth, "box");
  return undefined;
}

function groupOf(e: Element, key: number, depth: number, kind = "form-field") {
  return (
    <div key={key} className={kind}>
      {children(e, depth)}
    </div>
  );
}

function Hint({ title }: { title: string }) {
  return <span className="info-hint">{title}</span>;
}

function items(of: Element, depth: number): ReactNode[] {
  return [...of.children].map((item, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a message do not move
    <li key={i} className={classOf(item) || undefined} style={styleOf(item)}>
      {children(item, depth + 1)}
    </li>
  ));
}

function Code({ of, depth }: { of: Element; depth: number }) {
  const language = of.getAttribute("data-language");
  const block = language !== null || of.getElementsByTagName("pre").length > 0 || (of.textContent ?? "").includes("\n");
  if (!block) return <code>{children(of, depth)}</code>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too
    // biome-ignore lint/a11y/useSemanticElements: it groups no fields
    <pre className="code" tabIndex={0} aria-label={text.markup.code(language ?? "")} role="group">
      {language && <span className="language">{language}</span>}
      <code>{of.textContent}</code>
    </pre>
  );
}

function Table({ of, depth }: { of: Element; depth: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, by keyboard too
    // biome-ignore lint/a11y/useSemanticElements: it groups no fields
    <div className="table" role="group" aria-label={text.markup.table} tabIndex={0}>
      <table className={classOf(of) || undefined} style={styleOf(of)}>
        {sections(of, depth)}
      </table>
    </div>
  );
}

/** sections returns the parts of a table: React and HTML allow nothing else in it. */
function sections(of: Element, depth: number): ReactNode[] {
  const loose: Element[] = [];
  const out: ReactNode[] = [];
  for (const [i, part] of [...of.children].entries()) {
    const Section = part.nodeName as "thead" | "tbody" | "tfoot";
    if (Section === "thead" || Section === "tbody" || Section === "tfoot") {
      out.push(<Section key={i}>{lines([...part.children], depth + 1)}</Section>);
    } else if (part.nodeName === "tr") loose.push(part);
  }
  if (loose.length > 0) out.push(<tbody key="loose">{lines(loose, depth + 1)}</tbody>);
  return out;
}

function lines(list: Element[], depth: number): ReactNode[] {
  return list
    .filter((row) => row.nodeName === "tr")
    .map((row, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a message do not move
      <tr key={i} className={classOf(row) || undefined} style={styleOf(row)}>
        {[...row.children].map((cell, j) => {
          const Cell = cell.nodeName === "th" ? "th" : "td";
          return (
            <Cell
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={j}
              className={classOf(cell) || undefined}
              style={styleOf(cell)}
              rowSpan={span(cell, "rowspan")}
              colSpan={span(cell, "colspan")}
            >
              {children(cell, depth + 2)}
            </Cell>
          );
        })}
      </tr>
    ));
}

function span(cell: Element, name: string): number | undefined {
  const n = Number(cell.getAttribute(name));
  return Number.isInteger(n) && n > 1 ? Math.min(n, 1000) : undefined;
}

function Picture({ of }: { of: Element }) {
  const src = of.getAttribute("src");
  const shown = picture(src);
  if (shown) return <img src={shown} alt={text.markup.picture} style={styleOf(of)} className={classOf(of)} />;
  const address = link(src);
  // pictures of other hosts are not loaded: the host would learn who reads the message
  return address ? (
    <a href={address} target="_blank" rel="noreferrer">
      {text.markup.pictureAt(new URL(address).host)}
    </a>
  ) : (
    <span className="chime">{text.markup.picture}</span>
  );
}

function Anchor({ of, depth }: { of: Element; depth: number }) {
  const address = link(of.getAttribute("href"));
  if (!address) return <>{children(of, depth)}</>;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {of.childNodes.length > 0 ? children(of, depth) : address}
    </a>
  );
}
