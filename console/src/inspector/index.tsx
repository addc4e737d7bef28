import { useState } from "react";
import { PersonPicker } from "../admin/parts/PersonPicker";
import type { Me } from "../api/session";
import { Button } from "../parts/Button";
import { to, useRoute } from "../parts/route";
import "../style/admin.css";
import "../style/inspector.css";
import { text } from "../text";
import { CallsPage } from "./CallsPage";
import { RightsPage } from "./RightsPage";

const t = text.inspector;

interface Account {
  id: number | undefined;
  name: string;
}

/** Inspector: what programs send to the pod, what it answers, and which rights they use. */
export default function Inspector({ me }: { me: Me }) {
  const { parts } = useRoute();
  const rights = parts[1] === "rights";
  const all: Account = { id: undefined, name: t.all };
  const mine: Account = { id: me.id, name: t.mine };
  const [account, choose] = useState<Account>(all);
  const chosen = rights && account.id === undefined ? mine : account;
  const offered = rights ? [mine] : [all, mine];
  if (chosen.id !== undefined && chosen.id !== me.id) offered.push(chosen);
  return (
    <div className="page inspector">
      <header className="page-head">
        <div>
          <h1>{t.title}</h1>
          <p>{rights ? t.rights.lead : t.lead}</p>
        </div>
      </header>
      <div className="inspector-bar">
        <nav aria-label={t.title} className="pages">
          <a href={to("inspector")} aria-current={rights ? undefined : "page"}>
            {t.tabs.calls}
          </a>
          <a href={to("inspector", "rights")} aria-current={rights ? "page" : undefined}>
            {t.tabs.rights}
          </a>
        </nav>
        <fieldset className="accounts" aria-label={t.account}>
          {offered.map((a) => (
            <Button
              key={a.id ?? 0}
              aria-pressed={a.id === chosen.id}
              look={a.id === chosen.id ? "primary" : "plain"}
              onPress={() => choose(a)}
            >
              <bdi>{a.name}</bdi>
            </Button>
          ))}
          <PersonPicker label={t.other} onChoose={(id, name) => choose({ id, name })} />
        </fieldset>
      </div>
      {rights ? <RightsPage account={chosen.id} /> : <CallsPage me={me} account={chosen.id} key={chosen.id ?? 0} />}
    </div>
  );
}
