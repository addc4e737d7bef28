import type { Person } from "../api/chat";
import { Avatar } from "../parts/Avatar";
import { text } from "../text";
import { usePerson } from "./data/people";
import { usePresence } from "./data/presence";

/** pictureOf returns the address of a person's own picture; initials are better than that of all others. */
function pictureOf(person: Person | undefined): string | undefined {
  const url = person?.avatars?.at(-1)?.url;
  return url?.includes("/avatars/static/") ? undefined : url;
}

/** A person's picture with the presence. */
export function Face({ id, quiet = false }: { id: number; quiet?: boolean }) {
  const person = usePerson(id);
  return (
    <span className="face">
      <Avatar name={person?.displayName ?? ""} url={pictureOf(person)} />
      {!quiet && <Dot user={id} />}
    </span>
  );
}

/** The presence of a person as a coloured mark. */
export function Dot({ user }: { user: number }) {
  const category = usePresence(user);
  return (
    <span className={`dot ${category.toLowerCase()}`}>
      <span className="visually-hidden">{text.chat.presence[category]}</span>
    </span>
  );
}

/** The mark of a room or a group message. */
export function RoomMark({ group = false }: { group?: boolean }) {
  return (
    <span className={group ? "avatar group" : "avatar room"} aria-hidden="true">
      {group ? "⁂" : "#"}
    </span>
  );
}
