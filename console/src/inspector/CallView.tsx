import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "../admin/parts/Confirm";
import { second } from "../admin/parts/format";
import { addressOf } from "../api/call";
import { type Detail, getCall } from "../api/inspector";
import type { Me } from "../api/session";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { text } from "../text";
import { type Answer, hindrance, isSafe, sendAgain } from "./again";
import { PartView, pretty } from "./Body";
import { Code } from "./Code";
import { curl } from "./curl";
import { Events } from "./Events";
import { Status, took } from "./Status";
import { Fact, Why } from "./Why";

const t = text.inspector;

/** One call with its headers and bodies. */
export function CallView({ id, me, onClose }: { id: string; me: Me; onClose: () => void }) {
  const found = useQuery({
    queryKey: ["inspector", "call", id],
    queryFn: ({ signal }) => getCall(id, signal),
    staleTime: 0,
  });
  const call = found.data;
  return (
    <section className="call-view" aria-label={call?.operation ?? t.title}>
      <Button look="quiet" icon aria-label={text.close} onPress={onClose} className="call-close">
        <Icon name="close" />
      </Button>
      {found.error && <Banner kind="warn">{t.gone}</Banner>}
      {call && <Shown call={call} me={me} />}
    </section>
  );
}

function Shown({ call, me }: { call: Detail; me: Me }) {
  return (
    <>
      <h2>
        {call.operation ?? call.method} <Status status={call.status} />
      </h2>
      <p className="call-path">
        <code>
          {call.method} {call.path}
        </code>
      </p>
      <p className="soft">
        {second(call.timestamp)} · {took(call.tookMicros)}
      </p>
      <Acts call={call} me={me} />
      <Why call={call} />
      <Events call={call} />
      <dl className="fact-list">
        <Fact name={t.facts.user} value={[call.username, call.userId].filter(Boolean).join(" ")} />
        <Fact name={t.facts.session} value={call.session} />
        <Fact name={t.facts.app} value={call.appId} />
        <Fact name={t.facts.client} value={[call.address, call.userAgent].filter(Boolean).join(" ")} />
        <Fact name={t.facts.trace} value={call.traceId} />
        <Fact name={t.usedRights} value={call.usedRights?.join(", ")} />
      </dl>
      <PartView title={t.request} part={call.request} />
      <PartView title={t.answer} part={call.answer} />
    </>
  );
}

/** What can be done with a call. */
function Acts({ call, me }: { call: Detail; me: Me }) {
  const [said, setSaid] = useState<string>();
  const [asks, setAsks] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const why = hindrance(call);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(curl(call, addressOf("/").href));
      setSaid(t.copied);
    } catch {
      setSaid(t.notCopied);
    }
  };
  const again = async () => setAnswer(await sendAgain(call));
  return (
    <>
      <div className="actions start">
        <Button onPress={copy}>
          <Icon name="copy" size={16} />
          {t.copyCurl}
        </Button>
        <Button
          isDisabled={why !== undefined}
          onPress={() => (isSafe(call.method) ? again().catch((e: Error) => setSaid(e.message)) : setAsks(true))}
        >
          {t.again}
        </Button>
      </div>
      <p className="soft" role="status">
        {said ?? (why ? t.cannot[why] : t.againAs(me.displayName))}
      </p>
      {answer && (
        <div className="card">
          <h3>{t.againAnswer(answer.status, took(answer.took * 1000))}</h3>
          <Code label={t.again}>{pretty(answer.text)}</Code>
        </div>
      )}
      {asks && (
        <Confirm
          question={t.againAsk(call.method)}
          means={`${t.againMeans} ${t.againAs(me.displayName)}`}
          yes={t.again}
          act={again}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}
