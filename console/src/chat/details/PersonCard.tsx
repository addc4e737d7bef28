import { text } from "../../text";
import { usePerson } from "../data/people";
import { usePresence } from "../data/presence";
import { Face } from "../Face";

/** A person with what the directory tells. */
export function PersonCard({ id }: { id: number }) {
  const person = usePerson(id);
  const presence = usePresence(id);
  if (!person) return null;
  const lines = [person.title, person.department, person.location, person.company, person.emailAddress];
  return (
    <div className="person-card">
      <Face id={id} quiet />
      <div className="what">
        <h3 className="name">{person.displayName}</h3>
        <p className="status-choice">
          <span className={`dot ${presence.toLowerCase()}`} />
          {text.chat.presence[presence]}
        </p>
        {lines.map(
          (line) =>
            line && (
              <p key={line} className="hint">
                {line}
              </p>
            ),
        )}
      </div>
    </div>
  );
}
