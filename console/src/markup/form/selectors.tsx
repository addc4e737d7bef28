import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { roomInfo, searchPeople, searchRooms } from "../../api/chat";
import { usePerson } from "../../chat/data/people";
import { Chosen, type Found, Picker } from "../../chat/Picker";
import { text } from "../../text";
import type { ControlProps } from "./field";

const listed = (value: ControlProps["value"]) => (Array.isArray(value) ? value : []);

/** Some people, found by their names. */
export function People({ field, value, change, attributes }: ControlProps) {
  const chosen = listed(value);
  const find = async (words: string): Promise<Found[]> =>
    (await searchPeople(words)).map((p) => ({ id: String(p.id), label: p.displayName, more: p.company ?? "" }));
  return (
    <Selector field={field} chosen={chosen} change={change} attributes={attributes} find={find} Name={PersonName} />
  );
}

/** Some rooms, found by their names. */
export function Rooms({ field, value, change, attributes }: ControlProps) {
  const chosen = listed(value);
  const find = async (words: string): Promise<Found[]> =>
    (await searchRooms(words)).map((r) => ({
      id: r.roomSystemInfo.id,
      label: r.roomAttributes.name,
      more: r.roomAttributes.description,
    }));
  return <Selector field={field} chosen={chosen} change={change} attributes={attributes} find={find} Name={RoomName} />;
}

interface SelectorProps extends Pick<ControlProps, "field" | "change" | "attributes"> {
  chosen: string[];
  find: (words: string) => Promise<Found[]>;
  Name: (props: { id: string }) => string;
}

function Selector({ field, chosen, change, attributes, find, Name }: SelectorProps) {
  const [names, setNames] = useState<Record<string, string>>({});
  return (
    <div className="selector">
      <Picker
        id={attributes.id}
        label={field.label}
        hideLabel
        placeholder={field.element.getAttribute("data-placeholder") ?? undefined}
        describedBy={attributes["aria-describedby"]}
        isInvalid={attributes["aria-invalid"]}
        isDisabled={attributes.disabled}
        find={find}
        leaveOut={chosen}
        onPick={(found) => {
          setNames({ ...names, [found.id]: found.label });
          change([...chosen, found.id]);
        }}
      />
      <Chosen
        label={text.markup.chosen}
        list={chosen.map((id) => ({ id, label: names[id] ?? <Name id={id} /> }))}
        isDisabled={attributes.disabled}
        onRemove={(id) => change(chosen.filter((c) => c !== id))}
      />
    </div>
  );
}

function PersonName({ id }: { id: string }): string {
  return usePerson(Number(id))?.displayName ?? id;
}

function RoomName({ id }: { id: string }): string {
  const found = useQuery({ queryKey: ["room", id], queryFn: () => roomInfo(id) });
  return found.data?.roomAttributes.name ?? id;
}
