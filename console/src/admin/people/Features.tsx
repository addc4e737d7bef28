import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { featuresOf, setFeature } from "../../api/admin";
import { Field } from "../../parts/Field";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Outcome, Waiting } from "../parts/Head";
import { Switch } from "../parts/Switch";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** What an account may use. */
export function Features({ detail }: PartProps) {
  const uid = detail.userSystemInfo.id;
  const queries = useQueryClient();
  const doing = useAct();
  const [search, setSearch] = useState("");
  const key = ["people", "features", uid];
  const features = useQuery({ queryKey: key, queryFn: () => featuresOf(uid) });
  if (!features.data) return <Waiting error={features.error} />;
  const shown = features.data.filter((f) => words(f.entitlment).toLowerCase().includes(search.toLowerCase()));
  return (
    <section className="card admin-form">
      <p className="soft">{t.featuresLead}</p>
      <Field label={t.filterFeatures} hideLabel placeholder={t.filterFeatures} value={search} onChange={setSearch} />
      <Outcome error={doing.error} done={doing.done} />
      <ul className="switches two">
        {shown.map((f) => (
          <li key={f.entitlment}>
            <Switch
              label={words(f.entitlment)}
              hint={f.entitlment}
              on={f.enabled}
              isDisabled={doing.busy}
              onChange={(enabled) =>
                doing.act(async () => {
                  await setFeature(uid, { entitlment: f.entitlment, enabled });
                  await queries.invalidateQueries({ queryKey: key });
                }, t.saved)
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** words turns an id into words: canCreatePublicRoom is can create public room. */
export function words(id: string): string {
  return id
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/ (?=[A-Z][a-z])/g, " ")
    .replace(/^./, (c) => c.toUpperCase())
    .replace(/ [A-Z](?=[a-z])/g, (c) => c.toLowerCase());
}
