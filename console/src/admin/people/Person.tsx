import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { type Detail, person } from "../../api/admin";
import type { Me } from "../../api/session";
import { Avatar } from "../../parts/Avatar";
import { Icon } from "../../parts/Icon";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { when } from "../parts/format";
import { Waiting } from "../parts/Head";
import { Access } from "./Access";
import { Delegates } from "./Delegates";
import { Features } from "./Features";
import { Keys } from "./Keys";
import { Profile } from "./Profile";
import { Roles } from "./Roles";
import { Sessions } from "./Sessions";
import { StatusBadge } from "./StatusBadge";

const t = text.admin.people;

/** What each tab of a person gets. */
export interface PartProps {
  detail: Detail;
  name: string;
  /** Reads the account again after a change. */
  changed: () => Promise<void>;
}

const tabs = {
  profile: Profile,
  access: Access,
  roles: Roles,
  features: Features,
  sessions: Sessions,
  keys: Keys,
  delegates: Delegates,
};

type TabId = keyof typeof tabs;

/** One account, and what can be changed of it. */
export default function PersonPage({ uid, tab }: { me: Me; uid: number; tab: string | undefined }) {
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ["people", "one", uid], queryFn: () => person(uid) });
  const changed = useCallback(() => queries.invalidateQueries({ queryKey: ["people"] }), [queries]);
  const detail = found.data;
  const back = (
    <a className="back" href={to("admin", "people")}>
      <Icon name="back" size={16} />
      {text.admin.sections.people}
    </a>
  );
  if (!detail) {
    return (
      <>
        {back}
        <Waiting error={found.error} />
      </>
    );
  }
  const { userAttributes: a, userSystemInfo: s } = detail;
  const name = a.displayName || a.userName || String(uid);
  const chosen = tab && tab in tabs ? tab : "profile";
  return (
    <>
      {back}
      <header className="person-head">
        <Avatar name={name} />
        <div>
          <h2>
            <bdi>{name}</bdi>
          </h2>
          <p className="soft">
            <bdi>{a.userName}</bdi> · {a.accountType === "SYSTEM" ? t.service : t.person} · {t.id} {s.id} · {t.created1}{" "}
            {when(s.createdDate)} · {t.lastLogin} {s.lastLoginDate ? when(s.lastLoginDate) : text.admin.never}
          </p>
        </div>
        <StatusBadge status={s.status} suspended={s.suspended} suspendedUntil={s.suspendedUntil} />
      </header>
      <Tabs
        className="tabs"
        selectedKey={chosen}
        onSelectionChange={(key) => go(to("admin", "people", uid, String(key)), true)}
      >
        <TabList aria-label={name}>
          {(Object.keys(tabs) as TabId[]).map((id) => (
            <Tab id={id} key={id}>
              {t.tabs[id]}
            </Tab>
          ))}
        </TabList>
        {(Object.keys(tabs) as TabId[]).map((id) => {
          const Part = tabs[id];
          return (
            <TabPanel id={id} key={id}>
              <Part detail={detail} name={name} changed={changed} />
            </TabPanel>
          );
        })}
      </Tabs>
    </>
  );
}
