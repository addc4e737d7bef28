import { useEffect, useState } from "react";
import { Refused } from "../../api/call";
import { watch } from "../../api/events";
import { type NodeHealth, nodeHealth, type Sample, streamOfHealth } from "../../api/health";
import { Banner } from "../../parts/Banner";
import { text } from "../../text";
import { Head, Waiting } from "../parts/Head";
import { Plot } from "./Plot";
import { figures } from "./plots";

const t = text.admin.health;

const kept = 300; // samples: five minutes

/** How a node does, as plots that move. */
export default function HealthPage() {
  const [node, setNode] = useState<string>();
  const [samples, setSamples] = useState<Sample[]>([]);
  const [error, setError] = useState<Error>();
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    let left = false;
    const load = async () => {
      try {
        const answer = await nodeHealth();
        const [first] = answer.nodes;
        if (left || !first) return;
        setNode(first.node);
        setSamples((before) => after(first.samples, before));
        setError(undefined);
      } catch (e) {
        if (!left) setError(e as Error);
      }
    };
    load();
    const end = watch({
      path: streamOfHealth,
      on: (event) => {
        const told = JSON.parse(event.data) as NodeHealth;
        setSamples((before) => after(before, told.samples));
      },
      connected: setConnected,
      missed: load,
    });
    return () => {
      left = true;
      end();
    };
  }, []);
  if (error instanceof Refused && error.status === 404) {
    return (
      <>
        <Head title={text.admin.sections.health} lead={t.lead} />
        <div className="empty card">{error.message}</div>
      </>
    );
  }
  return (
    <>
      <Head title={text.admin.sections.health} lead={t.lead}>
        {node && <span className="badge">{t.node(node)}</span>}
      </Head>
      {error && <Banner kind="bad">{error.message}</Banner>}
      {!node && !error && <Waiting error={null} />}
      <p className="soft live" role="status">
        <span className={connected ? "lamp on" : "lamp"} aria-hidden="true" />
        {connected ? t.live : text.loading}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the page scrolls by it */}
      <section className="plots" tabIndex={0} aria-label={t.plots}>
        {figures.map((figure) => (
          <Plot key={figure.title} figure={figure} samples={samples} />
        ))}
      </section>
    </>
  );
}

/** after puts samples behind others, each once, and forgets the oldest. */
export function after(before: Sample[], more: Sample[]): Sample[] {
  const last = before.at(-1)?.timestamp ?? 0;
  return [...before, ...more.filter((s) => s.timestamp > last)].slice(-kept);
}
