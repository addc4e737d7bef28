import { type FormEvent, type ReactNode, useState } from "react";
import { Checkbox } from "react-aria-components";
import type { RoomAttributes } from "../../api/chat";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { text } from "../../text";

interface Props {
  /** The room as it is; absent: it is made. */
  room?: RoomAttributes;
  submit: string;
  save: (attributes: Partial<RoomAttributes>) => Promise<void>;
  onCancel: () => void;
  children?: ReactNode;
}

type Flag = "public" | "viewHistory" | "membersCanInvite" | "discoverable" | "readOnly" | "copyProtected" | "crossPod";

const all: Flag[] = [
  "public",
  "crossPod",
  "viewHistory",
  "membersCanInvite",
  "discoverable",
  "readOnly",
  "copyProtected",
];
const fixed: Flag[] = ["public", "crossPod"]; // for as long as the room exists

/** The attributes of a room. */
export function RoomForm({ room, submit, save, onCancel, children }: Props) {
  const [name, setName] = useState(room?.name ?? "");
  const [description, setDescription] = useState(room?.description ?? "");
  const [flags, setFlags] = useState<Partial<Record<Flag, boolean>>>(() =>
    room ? Object.fromEntries(all.map((f) => [f, room[f]])) : { viewHistory: true },
  );
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);
  const implied = (flag: Flag) =>
    flags.public === true && ["viewHistory", "membersCanInvite", "discoverable"].includes(flag);
  const excluded = (flag: Flag) =>
    (flag === "crossPod" && flags.public === true) ||
    (flags.crossPod === true && ["public", "readOnly", "discoverable"].includes(flag)) ||
    (flag === "copyProtected" && room?.copyProtected === true);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setSaving(true);
    setProblem(undefined);
    try {
      await save(changes(room, { name: name.trim(), description: description.trim(), ...settled() }));
    } catch (error) {
      setProblem((error as Error).message);
      setSaving(false);
    }
  };
  const settled = () =>
    Object.fromEntries(
      all.filter((f) => !(room && fixed.includes(f))).map((f) => [f, implied(f) || (flags[f] ?? false)]),
    );
  return (
    <form className="stack" onSubmit={send}>
      <Field label={text.chat.roomForm.name} value={name} onChange={setName} isRequired maxLength={50} autoFocus />
      <Field
        label={text.chat.roomForm.description}
        hint={text.chat.roomForm.descriptionHint}
        value={description}
        onChange={setDescription}
        rows={2}
      />
      <div className="stack tight">
        {all
          .filter((flag) => !(room && fixed.includes(flag)))
          .map((flag) => (
            <Checkbox
              key={flag}
              className="check"
              isSelected={implied(flag) || (flags[flag] ?? false)}
              isDisabled={implied(flag) || excluded(flag)}
              onChange={(on) => setFlags({ ...flags, [flag]: on })}
            >
              <span className="box" aria-hidden="true" />
              {text.chat.roomForm[flag]}
            </Checkbox>
          ))}
      </div>
      {children}
      {problem && <Banner kind="bad">{problem}</Banner>}
      <div className="actions">
        <Button onPress={onCancel}>{text.cancel}</Button>
        <Button look="primary" type="submit" isDisabled={saving}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** changes returns the attributes that differ from those of the room, all for a new one. */
function changes(room: RoomAttributes | undefined, wanted: Partial<RoomAttributes>): Partial<RoomAttributes> {
  if (!room) return wanted;
  const differs = Object.entries(wanted).filter(([name, value]) => room[name as keyof RoomAttributes] !== value);
  return Object.fromEntries(differs);
}
