import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type FileExtension, fileExtensions, removeFileExtension, setFileExtension } from "../../api/company";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Outcome, Waiting } from "../parts/Head";
import { may } from "../rights";

const t = text.admin.settings;

const scopes = ["scope_internal", "scope_external", "scope_xpod"] as const;

/** The endings of files that may be sent, and where. */
export function FileTypes({ me }: { me: Me }) {
  const queries = useQueryClient();
  const doing = useAct();
  const [search, setSearch] = useState("");
  const list = useQuery({
    queryKey: ["settings", "files"],
    queryFn: async ({ signal }) => (await fileExtensions(undefined, 10_000, signal)).data,
  });
  const changes =
    may(me, "MANAGE_FILE_EXTENSIONS") || may(me, "MODIFY_POD_ENTITLEMENTS") || may(me, "ACCESS_USER_PROVISIONING_API");
  const said = problems(doing.error, ["extension"]);
  const act = (work: () => Promise<unknown>) =>
    doing.act(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: ["settings", "files"] });
    }, text.admin.people.saved);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const extension = String(new FormData(form).get("extension"))
      .trim()
      .replace(/^(?!\.)/, ".");
    const added = { extension, scope_internal: true, scope_external: false, scope_xpod: false, source: "CUSTOMER" };
    if (await act(() => setFileExtension(added))) form.reset();
  };
  const shown = list.data?.filter((e) => e.extension.includes(search.toLowerCase())) ?? [];
  const toggle = (e: FileExtension, scope: (typeof scopes)[number]) => (
    <input
      type="checkbox"
      checked={e[scope]}
      disabled={!changes || doing.busy}
      aria-label={`${e.extension}: ${t.scopes[scope]}`}
      onChange={(event) => act(() => setFileExtension({ ...e, [scope]: event.target.checked }))}
    />
  );
  return (
    <section className="card admin-form" aria-labelledby="files">
      <h3 id="files">{t.files}</h3>
      <Outcome error={said.rest ? doing.error : null} done={doing.done} />
      <Field label={t.find} hideLabel placeholder={t.find} value={search} onChange={setSearch} />
      {!list.data && <Waiting error={list.error} />}
      {list.data && (
        <div className="scroll">
          <table className="plain-table">
            <thead>
              <tr>
                <th>{t.ending}</th>
                {scopes.map((s) => (
                  <th key={s}>{t.scopes[s]}</th>
                ))}
                <th>
                  <span className="visually-hidden">{text.admin.remove}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((e) => (
                <tr key={e.extension}>
                  <td>
                    <code>{e.extension}</code>
                  </td>
                  {scopes.map((s) => (
                    <td key={s}>{toggle(e, s)}</td>
                  ))}
                  <td>
                    {changes && e.source === "CUSTOMER" && (
                      <Button
                        look="quiet"
                        isDisabled={doing.busy}
                        aria-label={text.admin.remove1(e.extension)}
                        onPress={() => act(() => removeFileExtension(e.extension))}
                      >
                        {text.admin.remove}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {changes && (
        <form className="one-line" onSubmit={submit} noValidate>
          <Field name="extension" label={t.addEnding} placeholder=".pdf" problem={said.at("extension")} />
          <Button type="submit" isDisabled={doing.busy}>
            {text.admin.add}
          </Button>
        </form>
      )}
    </section>
  );
}
