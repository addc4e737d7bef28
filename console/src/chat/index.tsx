import type { Me } from "../api/session";

export default function Chat({ me }: { me: Me }) {
  return <div className="page">{me.displayName}</div>;
}
