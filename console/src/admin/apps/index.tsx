import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type AppEntitlement, appEntitlements, setAppEntitlement } from "../../api/company";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Head, Outcome, Waiting } from "../parts/Head";
import { Switch } from "../parts/Switch";
import { may } from "../rights";
import { AppDetail } from "./AppDetail";
import { CreateApp } from "./CreateApp";

const t = text.admin.apps;

/** The applications, and which of them the company's people may use. */
export default function Apps({ me }: { me: Me }) {
  const queries = useQueryClient();
  const doing = useAct();
  const [creates, setCreates] = useState(false);
  const [shown, setShown] = useState<AppEntitlement>();
  const list = useQuery({ queryKey: ["apps"], queryFn: async () => (await appEntitlements()) ?? [] });
  const changed = () => queries.invalidateQueries({ queryKey: ["apps"] });
  const set = (e: AppEntitlement) =>
    doing.act(async () => {
      await setAppEntitlement(e);
      await changed();
    }, text.admin.people.saved);
  const changes = may(me, "MODIFY_APPS_ENTITLEMENTS");
  return (
    <>
      <Head title={text.admin.sections.apps} lead={t.lead}>
        {may(me, "CREATE_APPS") && (
          <Button look="primary" onPress={() => setCreates(true)}>
            <Icon name="plus" />
            {t.create}
          </Button>
        )}
      </Head>
      <Outcome error={doing.error} done={doing.done} />
      {!list.data ? (
        <Waiting error={list.error} />
      ) : list.data.length === 0 ? (
        <div className="empty card">{t.none}</div>
      ) : (
        <ul className="cards">
          {list.data.map((e) => (
            <li className="card admin-form" key={e.appId}>
              <h3>
                <bdi>{e.appName}</bdi> <small className="soft">{e.appId}</small>
              </h3>
              <Switch
                label={t.enable}
                on={e.enable}
                isDisabled={!changes || doing.busy}
                onChange={(enable) => set({ ...e, enable })}
              />
              <Switch
                label={t.listed}
                on={e.listed}
                isDisabled={!changes || doing.busy}
                onChange={(listed) => set({ ...e, listed })}
              />
              <Switch
                label={t.install}
                on={e.install}
                isDisabled={!changes || doing.busy}
                onChange={(install) => set({ ...e, install })}
              />
              <div className="actions">
                <Button onPress={() => setShown(e)} aria-label={`${t.details}: ${e.appName}`}>
                  {t.details}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {creates && <CreateApp changed={changed} onClose={() => setCreates(false)} />}
      {shown && <AppDetail id={shown.appId} me={me} changed={changed} onClose={() => setShown(undefined)} />}
    </>
  );
}
