import { lazy } from "react";
import type { Me } from "../../api/session";
import { People } from "./People";

const PersonPage = lazy(() => import("./Person"));
const ImportPage = lazy(() => import("./Import"));

/** People: the list, one of them, or an import. */
export default function PeoplePages({ me, rest }: { me: Me; rest: string[] }) {
  const [what] = rest;
  if (what === "import") return <ImportPage />;
  if (what) return <PersonPage me={me} uid={Number(what)} key={what} tab={rest[1]} />;
  return <People />;
}
