import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Sample } from "../../api/health";
import { type Figure, shown } from "./plots";
import { useColours } from "./useColours";

const height = 150;
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** A figure over time. Its newest values are also there as text. */
export function Plot({ figure, samples }: { figure: Figure; samples: Sample[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const newest = useRef(samples);
  newest.current = samples;
  const names = ["--ink-soft", "--line", ...figure.lines.map((l) => l.colour)];
  const colours = useColours(names);
  const painted = colours?.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are compared as a text
  useEffect(() => {
    const element = box.current;
    if (!element || !colours) return;
    const [ink, line, ...series] = colours;
    const axis = {
      stroke: ink ?? "",
      grid: { stroke: line ?? "", width: 1 },
      ticks: { show: false },
      font: "11px sans-serif",
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.15)] } },
        axes: [
          { ...axis, space: 90, size: 28, values: (_, at) => at.map((t) => time.format(t * 1000)) },
          { ...axis, size: 44 },
        ],
        series: [
          {},
          ...series.map((stroke, i) => ({
            label: figure.lines[i]?.label ?? "",
            stroke,
            width: 1.75,
            points: { show: false },
          })),
        ],
      },
      data(figure, newest.current),
      element,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [figure, painted]);
  useEffect(() => plot.current?.setData(data(figure, samples)), [figure, samples]);

  const last = samples.at(-1);
  return (
    <figure className="card plot">
      <figcaption>
        <strong>{figure.title}</strong> <small className="soft">{figure.unit}</small>
        <ul>
          {figure.lines.map((l) => (
            <li key={l.label}>
              <span className="swatch" style={{ background: `var(${l.colour})` }} aria-hidden="true" />
              {l.label} <b>{last ? shown(l.of(last)) : "–"}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={box} aria-hidden="true" />
    </figure>
  );
}

function data(figure: Figure, samples: Sample[]): uPlot.AlignedData {
  return [samples.map((s) => s.timestamp / 1000), ...figure.lines.map((l) => samples.map(l.of))];
}
