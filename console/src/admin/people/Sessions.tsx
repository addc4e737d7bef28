import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endSession, endSessions, sessionsOf } from "../../api/admin";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { when } from "../parts/format";
import { Outcome, Waiting } from "../parts/Head";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** The sessions of an account, and their end. */
export function Sessions({ detail, name }: PartProps) {
  const uid = detail.userSystemInfo.id;
  const queries = useQueryClient();
  const doing = useAct();
  const [asks, setAsks] = useState(false);
  const key = ["people", "sessions", uid];
  const sessions = useQuery({ queryKey: key, queryFn: () => sessionsOf(uid), staleTime: 0 });
  if (!sessions.data) return <Waiting error={sessions.error} />;
  const changed = () => queries.invalidateQueries({ queryKey: key });
  return (
    <section className="card admin-form">
      {sessions.data.length === 0 && <p className="soft">{t.sessionsNone}</p>}
      {sessions.data.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t.session.client}</th>
              <th>{t.session.address}</th>
              <th>{t.session.since}</th>
              <th>
                <span className="visually-hidden">{t.end}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.data.map((s) => (
              <tr key={s.sessionId}>
                <td>
                  <bdi>{[s.browser, s.os].filter(Boolean).join(", ") || s.userAgent}</bdi>
                </td>
                <td>{s.clientIp}</td>
                <td>{when(s.creationTime)}</td>
                <td>
                  <Button
                    isDisabled={doing.busy}
                    onPress={() =>
                      doing.act(async () => {
                        await endSession(uid, s.sessionId);
                        await changed();
                      })
                    }
                  >
                    {t.end}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Outcome error={doing.error} done={doing.done} />
      <div className="actions">
        <Button onPress={() => sessions.refetch()}>{text.admin.refresh}</Button>
        {sessions.data.length > 0 && (
          <Button look="danger" onPress={() => setAsks(true)}>
            {t.endAll}
          </Button>
        )}
      </div>
      {asks && (
        <Confirm
          question={t.endAsk(name)}
          means={t.endMeans}
          yes={t.endAll}
          act={async () => {
            await endSessions(uid);
            await changed();
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </section>
  );
}
