import { lazy, type ReactNode, Suspense } from "react";
import type { Me } from "../api/session";
import { administers } from "../parts/roles";
import { go, to, useRoute } from "../parts/route";
import "../style/admin.css";
import { text } from "../text";
import { may, type Right, roles } from "./rights";

const t = text.admin;

const Apps = lazy(() => import("./apps"));
const Barriers = lazy(() => import("./company/Barriers"));
const Certificates = lazy(() => import("./company/Certificates"));
const Disclaimers = lazy(() => import("./company/Disclaimers"));
const Dlp = lazy(() => import("./dlp"));
const Health = lazy(() => import("./health"));
const Lists = lazy(() => import("./company/Lists"));
const People = lazy(() => import("./people"));
const Presence = lazy(() => import("./presence"));
const Rooms = lazy(() => import("./rooms"));
const Settings = lazy(() => import("./company/Settings"));
const Trail = lazy(() => import("./trail"));

type Section = keyof typeof t.sections;

interface Page {
  id: Section;
  /** Each of them opens the page; none: it is open to all who may see the administration. */
  needs: Right[];
  show: (me: Me, rest: string[]) => ReactNode;
}

const provision: Right[] = ["ACCESS_USER_PROVISIONING_API"];

const pages: Page[] = [
  { id: "people", needs: provision, show: (me, rest) => <People me={me} rest={rest} /> },
  { id: "rooms", needs: provision, show: (me, rest) => <Rooms me={me} rest={rest} /> },
  { id: "lists", needs: [], show: () => <Lists /> },
  { id: "presence", needs: provision, show: () => <Presence /> },
  { id: "apps", needs: ["VIEW_APPS_ENTITLEMENTS"], show: (me) => <Apps me={me} /> },
  { id: "certificates", needs: ["ACCESS_CERT_PROVISIONING_API"], show: () => <Certificates /> },
  { id: "barriers", needs: provision, show: () => <Barriers /> },
  { id: "disclaimers", needs: provision, show: () => <Disclaimers /> },
  { id: "dlp", needs: ["VIEW_EXPRESSION_FILTERS", "VIEW_DLP_VIOLATION"], show: (me) => <Dlp me={me} /> },
  { id: "settings", needs: [], show: (me) => <Settings me={me} /> },
  { id: "trail", needs: ["VIEW_PRIVILEGED_USER_AUDIT_TRAIL"], show: () => <Trail /> },
  { id: "health", needs: ["VIEW_USAGE_STATISTICS"], show: () => <Health /> },
];

/** Administration: the pages that the caller's roles open, and one of them. */
export default function Administration({ me }: { me: Me }) {
  const { parts } = useRoute();
  const open = administers(me) ? pages.filter((p) => opens(me, p)) : [];
  const chosen = pages.find((p) => p.id === parts[1]) ?? open[0];
  if (!chosen) return <div className="page empty">{t.nothing}</div>;
  return (
    <div className="admin">
      <nav className="subnav" aria-label={t.title}>
        <h1>{t.title}</h1>
        <ul>
          {open.map((p) => (
            <li key={p.id}>
              <a href={to("admin", p.id)} aria-current={p.id === chosen.id ? "page" : undefined}>
                {t.sections[p.id]}
              </a>
            </li>
          ))}
        </ul>
        <label className="subnav-choice">
          <span className="visually-hidden">{t.title}</span>
          <select value={chosen.id} onChange={(event) => go(to("admin", event.target.value))}>
            {open.map((p) => (
              <option key={p.id} value={p.id}>
                {t.sections[p.id]}
              </option>
            ))}
          </select>
        </label>
      </nav>
      <section className="admin-page" aria-label={t.sections[chosen.id]} key={chosen.id}>
        {open.includes(chosen) ? (
          <Suspense fallback={<p className="empty">{text.loading}</p>}>{chosen.show(me, parts.slice(2))}</Suspense>
        ) : (
          <div className="empty">
            <h2>{t.sections[chosen.id]}</h2>
            <p>{t.notHere}</p>
            <p>{[...new Set(chosen.needs.flatMap((right) => roles[right]))].join(", ")}</p>
          </div>
        )}
      </section>
    </div>
  );
}

const opens = (me: Me, page: Page) => page.needs.length === 0 || page.needs.some((right) => may(me, right));
