import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { createDictionary, type Dictionary, deleteDictionary, dictionaries, uploadDictionary } from "../../api/company";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { date } from "../parts/format";
import { Outcome, Waiting } from "../parts/Head";

const t = text.admin.dlp;

/** The dictionaries of words or patterns that policies look for. */
export function Dictionaries({ changes }: { changes: boolean }) {
  const queries = useQueryClient();
  const doing = useAct();
  const [type, setType] = useState("Word");
  const [asks, setAsks] = useState<Dictionary>();
  const list = useQuery({
    queryKey: ["dlp", "dictionaries"],
    queryFn: async ({ signal }) => (await dictionaries(0, signal)).items,
  });
  const changed = () => queries.invalidateQueries({ queryKey: ["dlp", "dictionaries"] });
  const act = (work: () => Promise<unknown>) =>
    doing.act(async () => {
      await work();
      await changed();
    });
  const said = problems(doing.error, ["name"]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("name")).trim();
    if (await act(() => createDictionary(name, type))) form.reset();
  };
  if (!list.data) return <Waiting error={list.error} />;
  return (
    <>
      {changes && (
        <form className="one-line card" onSubmit={submit} noValidate>
          <Field name="name" label={t.name} problem={said.at("name")} />
          <Choice
            label={t.kind}
            options={[
              { id: "Word", label: t.words },
              { id: "Regex", label: t.patterns },
            ]}
            value={type}
            onChange={setType}
          />
          <Button type="submit" isDisabled={doing.busy}>
            {text.admin.create}
          </Button>
        </form>
      )}
      <Outcome error={said.rest ? doing.error : null} done={doing.done} />
      {list.data.length === 0 && <div className="empty card">{t.noDictionaries}</div>}
      <ul className="cards">
        {list.data.map((d) => (
          <li className="card admin-form" key={d.dictRef.dictId}>
            <h3>
              <bdi>{d.dictRef.name}</bdi>
            </h3>
            <p className="soft">
              {d.type === "Word" ? t.words : t.patterns} · {t.version(d.dictRef.version)} · {date(d.lastUpdatedDate)}
            </p>
            {changes && (
              <div className="actions">
                <FileTrigger
                  acceptedFileTypes={[".txt", "text/plain"]}
                  onSelect={(files) => {
                    const file = files?.[0];
                    if (file) act(() => uploadDictionary(d.dictRef.dictId, file));
                  }}
                >
                  <Button aria-label={`${t.upload}: ${d.dictRef.name}`}>{t.upload}</Button>
                </FileTrigger>
                <Button look="danger" onPress={() => setAsks(d)} aria-label={`${t.delete}: ${d.dictRef.name}`}>
                  {t.delete}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {asks && (
        <Confirm
          question={t.askDelete(asks.dictRef.name)}
          means={t.deleteMeans}
          yes={t.delete}
          act={async () => {
            await deleteDictionary(asks.dictRef.dictId);
            await changed();
          }}
          onClose={() => setAsks(undefined)}
        />
      )}
    </>
  );
}
