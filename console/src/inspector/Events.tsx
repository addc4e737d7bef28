import { second } from "../admin/parts/format";
import type { Detail } from "../api/inspector";
import { text } from "../text";

const t = text.inspector;

/** The events that a read of a feed was given, and when they were acknowledged. */
export function Events({ call }: { call: Detail }) {
  const { events, acknowledges, ackId, acknowledged } = call;
  if (!events?.length && !acknowledges && !ackId) return null;
  return (
    <section aria-label={t.events}>
      <h3>{t.events}</h3>
      {acknowledges && <p className="soft">{t.acknowledges}</p>}
      {events?.length ? (
        <>
          <ul className="event-list">
            {events.map((e) => (
              <li key={e.id}>
                <span className="badge">{e.type}</span> <code>{e.id}</code>
              </li>
            ))}
          </ul>
          <p className="soft">{acknowledged ? t.acknowledged(second(acknowledged)) : t.notAcknowledged}</p>
        </>
      ) : (
        <p className="soft">{t.noEvents}</p>
      )}
    </section>
  );
}
