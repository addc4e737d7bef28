import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { type Me, signOut } from "./api/session";
import { Avatar } from "./parts/Avatar";
import { Button } from "./parts/Button";
import { Icon, type IconName } from "./parts/Icon";
import { administers } from "./parts/roles";
import { to } from "./parts/route";
import { setTheme, type Theme, theme } from "./parts/theme";
import { text } from "./text";

/** The frame around the pages: where one can go, and who one is. */
export function Shell({ me, place, children }: { me: Me; place: string; children: ReactNode }) {
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById("content")?.focus()}>
        {text.skip}
      </button>
      <nav className="rail" aria-label={text.nav.label}>
        <img className="mark" src="./icon.svg" alt={text.product} />
        <Place icon="chat" name={text.nav.chat} place="chat" current={place} />
        {administers(me) && <Place icon="people" name={text.nav.administration} place="admin" current={place} />}
        <Place icon="inspect" name={text.nav.inspector} place="inspector" current={place} />
        <span className="push" />
        <a className="place" href="../docs" target="_blank" rel="noreferrer">
          <Icon name="api" />
          <span>{text.nav.api}</span>
        </a>
        <Account me={me} />
      </nav>
      <main className="content" id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Place({ icon, name, place, current }: { icon: IconName; name: string; place: string; current: string }) {
  return (
    <a className="place" href={to(place)} aria-current={place === current ? "page" : undefined}>
      <Icon name={icon} />
      <span>{name}</span>
    </a>
  );
}

function Account({ me }: { me: Me }) {
  const queries = useQueryClient();
  const [chosen, choose] = useState<Theme>(theme);
  const act = async (key: string | number) => {
    if (key === "out") {
      await signOut().catch(() => undefined); // a session that is over cannot end again
      queries.clear();
      location.hash = "";
      location.reload();
      return;
    }
    const next = String(key) as Theme;
    setTheme(next);
    choose(next);
  };
  return (
    <MenuTrigger>
      <Button look="quiet" icon aria-label={`${text.nav.account}: ${me.displayName}`}>
        <Avatar name={me.displayName} url={me.avatars?.at(-1)?.url} />
      </Button>
      <Popover className="popover" placement="right bottom">
        <Menu onAction={act} aria-label={text.nav.account}>
          <MenuSection>
            <Header className="menu-header">
              {me.displayName}
              <small>{me.company}</small>
            </Header>
          </MenuSection>
          <MenuSection
            selectionMode="single"
            selectedKeys={[chosen]}
            disallowEmptySelection
            aria-label={text.nav.theme.label}
          >
            <MenuItem id="system">{text.nav.theme.system}</MenuItem>
            <MenuItem id="light">{text.nav.theme.light}</MenuItem>
            <MenuItem id="dark">{text.nav.theme.dark}</MenuItem>
          </MenuSection>
          <Separator />
          <MenuItem id="out">{text.nav.signOut}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
