import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { allowProtocol, disallowProtocol, protocols } from "../../api/company";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Outcome, Waiting } from "../parts/Head";
import { may } from "../rights";

const t = text.admin.settings;

/** The schemes that links of messages may have. */
export function Protocols({ me }: { me: Me }) {
  const queries = useQueryClient();
  const doing = useAct();
  const list = useQuery({ queryKey: ["settings", "protocols"], queryFn: async () => (await protocols()) ?? [] });
  const changes = may(me, "ACCESS_USER_PROVISIONING_API");
  const said = problems(doing.error, ["scheme"]);
  const act = (work: () => Promise<unknown>) =>
    doing.act(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: ["settings", "protocols"] });
    }, text.admin.people.saved);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const scheme = String(new FormData(form).get("scheme")).trim();
    if (await act(() => allowProtocol(scheme))) form.reset();
  };
  return (
    <section className="card admin-form" aria-labelledby="schemes">
      <h3 id="schemes">{t.schemes}</h3>
      <Outcome error={said.rest ? doing.error : null} done={doing.done} />
      {!list.data ? (
        <Waiting error={list.error} />
      ) : (
        <ul className="chips">
          {list.data.map((scheme) => (
            <li className="badge" key={scheme}>
              {scheme}
              {changes && (
                <button
                  type="button"
                  disabled={doing.busy}
                  aria-label={text.admin.remove1(scheme)}
                  onClick={() => act(() => disallowProtocol(scheme))}
                >
                  <Icon name="close" size={12} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {changes && (
        <form className="one-line" onSubmit={submit} noValidate>
          <Field name="scheme" label={t.addScheme} placeholder="tel" problem={said.at("scheme")} />
          <Button type="submit" isDisabled={doing.busy}>
            {text.admin.add}
          </Button>
        </form>
      )}
    </section>
  );
}
