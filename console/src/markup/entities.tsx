import { useAround } from "./context";
import { children } from "./elements";

/** An entity: a mention, a tag, an emoji, or what a bot has defined. */
export function EntitySpan({ of, depth }: { of: Element; depth: number }) {
  const { me, entities } = useAround();
  const entity = entities.get(of.getAttribute("data-entity-id") ?? "");
  const inner = children(of, depth);
  switch (entity?.type) {
    case "com.symphony.user.mention": {
      const own = entity.id?.[0]?.value === String(me);
      return <span className={own ? "mention own" : "mention"}>{inner}</span>;
    }
    case "org.symphonyoss.taxonomy":
    case "org.symphonyoss.fin.security":
      return <span className="tag">{inner}</span>;
    case "com.symphony.emoji":
      return (
        <span className="emoji" role="img" aria-label={String(entity.data?.shortcode ?? of.textContent)}>
          {of.textContent}
        </span>
      );
    default:
      return of.nodeName === "div" ? <div>{inner}</div> : <span>{inner}</span>;
  }
}

const formats: Record<string, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "medium" },
  time: { timeStyle: "short" },
  time_secs: { timeStyle: "medium" },
  date_time: { dateStyle: "medium", timeStyle: "short" },
};

/** A point in time, in the reader's zone and way of writing it. */
export function When({ of }: { of: Element }) {
  const value = of.getAttribute("datetime") ?? "";
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return <>{of.textContent}</>;
  const format = formats[of.getAttribute("data-format")?.toLowerCase() ?? ""] ?? formats.date_time;
  return <time dateTime={at.toISOString()}>{new Intl.DateTimeFormat(undefined, format).format(at)}</time>;
}
