import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FileTrigger, ProgressBar } from "react-aria-components";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { to } from "../../parts/route";
import { save } from "../../parts/save";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { Head } from "../parts/Head";
import { type Parsed, read } from "./csv";
import { importAll, type Outcome, type Verdict, verdictsAsCsv } from "./importing";

const t = text.admin.import;

const looks: Record<Outcome, string> = { created: "good", exists: "warn", refused: "bad", waiting: "" };

const columns: Column<Verdict>[] = [
  { id: "row", label: t.row, width: "5rem", sortBy: (v) => v.row, cell: (v) => v.row },
  { id: "user", label: t.user, sortBy: (v) => v.user, cell: (v) => <bdi>{v.user}</bdi> },
  {
    id: "outcome",
    label: t.verdict,
    width: "9rem",
    sortBy: (v) => v.outcome,
    cell: (v) => <span className={`badge ${looks[v.outcome]}`}>{t.outcome[v.outcome]}</span>,
  },
  {
    id: "message",
    label: t.message,
    width: "minmax(0, 2fr)",
    wideOnly: true,
    cell: (v) => <bdi title={v.message}>{v.message}</bdi>,
  },
];
const keyOf = (v: Verdict) => v.row;

/** An import of accounts from a file, with a verdict on each row. */
export default function ImportPage() {
  const queries = useQueryClient();
  const [file, setFile] = useState<{ name: string; parsed: Parsed }>();
  const [verdicts, setVerdicts] = useState<Verdict[]>([]);
  const [running, setRunning] = useState<AbortController>();
  const live = useRef<Verdict[]>([]);
  const counted = (outcome: Outcome) => verdicts.filter((v) => v.outcome === outcome).length;
  const done = verdicts.length - counted("waiting");

  const choose = async (files: FileList | null) => {
    const chosen = files?.[0];
    if (!chosen) return;
    const parsed = read(await chosen.text());
    setFile({ name: chosen.name, parsed });
    live.current = parsed.entries.map((e) => ({
      row: e.row,
      user: e.attributes.userName ?? e.attributes.emailAddress ?? "",
      outcome: "waiting",
      message: "",
    }));
    setVerdicts(live.current);
  };
  const start = async () => {
    if (!file) return;
    const stop = new AbortController();
    setRunning(stop);
    let due = 0; // the frame that will show the verdicts so far
    const show = () => {
      due = 0;
      setVerdicts([...live.current]);
    };
    const rest = file.parsed.entries.filter((e) => live.current[e.row - 1]?.outcome === "waiting");
    await importAll(rest, stop.signal, (verdict) => {
      live.current[verdict.row - 1] = verdict;
      due ||= requestAnimationFrame(show);
    });
    cancelAnimationFrame(due);
    show();
    setRunning(undefined);
    await queries.invalidateQueries({ queryKey: ["people"] });
  };

  const bad = file && (file.parsed.noHeader ? t.noHeader : file.parsed.entries.length === 0 ? t.empty : undefined);
  return (
    <>
      <a className="back" href={to("admin", "people")}>
        <Icon name="back" size={16} />
        {text.admin.sections.people}
      </a>
      <Head title={t.title} lead={t.lead}>
        <FileTrigger acceptedFileTypes={[".csv", ".tsv", ".txt", "text/csv"]} onSelect={choose}>
          <Button isDisabled={running !== undefined}>{t.choose}</Button>
        </FileTrigger>
        {running && <Button onPress={() => running.abort()}>{t.stop}</Button>}
        {file && !bad && !running && done < verdicts.length && (
          <Button look="primary" onPress={start}>
            {t.start(verdicts.length - done)}
          </Button>
        )}
      </Head>
      <p className="soft">{t.columns}</p>
      {bad && <Banner kind="bad">{bad}</Banner>}
      {file && file.parsed.unknown.length > 0 && (
        <Banner kind="warn">{t.unknown(file.parsed.unknown.join(", "))}</Banner>
      )}
      {file && !bad && (
        <>
          <ProgressBar className="progress" value={done} maxValue={verdicts.length} aria-label={t.title}>
            {({ percentage }) => (
              <>
                <span>{running ? t.progress(done, verdicts.length) : t.chosen(file.name, verdicts.length)}</span>
                <span className="progress-track">
                  <span style={{ width: `${percentage ?? 0}%` }} />
                </span>
              </>
            )}
          </ProgressBar>
          {done > 0 && (
            <div className="admin-said">
              <p role="status">{!running && t.summary(counted("created"), counted("exists"), counted("refused"))}</p>
              <Button onPress={() => save("verdicts.csv", new Blob([verdictsAsCsv(verdicts)], { type: "text/csv" }))}>
                {t.download}
              </Button>
            </div>
          )}
          <Table label={t.title} columns={columns} rows={verdicts} keyOf={keyOf} />
        </>
      )}
      {!file && <div className="empty card">{t.open}</div>}
    </>
  );
}
