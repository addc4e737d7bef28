import type { Me } from "../api/session";

export default function Inspector({ me }: { me: Me }) {
  return <div className="page">{me.displayName}</div>;
}
