import { count } from "../admin/parts/format";
import { type Header, mask, type Part } from "../api/inspector";
import { text } from "../text";
import { Code } from "./Code";

const t = text.inspector;

/** pretty returns JSON in lines; other text as it is. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** A text in which masked secrets are marked. */
export function Masked({ value }: { value: string }) {
  const pieces = value.split(mask);
  return pieces.map((piece, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces never move
    <span key={i}>
      {i > 0 && <mark className="masked">{mask}</mark>}
      {piece}
    </span>
  ));
}

/** The headers and the body of a request or an answer. */
export function PartView({ title, part }: { title: string; part: Part }) {
  return (
    <section className="inspected-part" aria-label={title}>
      <h3>
        {title} <small>{[part.mediaType, t.bytes(count(part.size))].filter(Boolean).join(", ")}</small>
      </h3>
      <Headers headers={part.headers} />
      {part.form ? (
        <dl className="header-list">
          {part.form.map((f, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a form may have a name several times
            <div key={i}>
              <dt>{f.name}</dt>
              <dd>{f.file ? `${f.file} (${t.bytes(count(f.size))})` : <Masked value={f.value ?? ""} />}</dd>
            </div>
          ))}
        </dl>
      ) : part.body ? (
        <Code label={`${title}: ${t.body}`}>
          <Masked value={pretty(part.body)} />
        </Code>
      ) : (
        <p className="soft">{part.size > 0 ? t.notText : t.noBody}</p>
      )}
      {part.cut && <p className="soft">{t.cut}</p>}
    </section>
  );
}

function Headers({ headers }: { headers: Header[] }) {
  if (headers.length === 0) return null;
  return (
    <dl className="header-list">
      {headers.map((h, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header may be there several times
        <div key={i}>
          <dt>{h.name}</dt>
          <dd>
            <Masked value={h.value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
