import type { ReactNode } from "react";
import { Avatar } from "../../parts/Avatar";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { useNames } from "./names";

export interface Props {
  ids: number[];
  empty: string;
  isDisabled?: boolean;
  onRemove?: (id: number) => void;
  beside?: (id: number) => ReactNode;
}

/** A short list of people, each with what can be done. */
export function MemberList({ ids, empty, isDisabled = false, onRemove, beside }: Props) {
  const nameOf = useNames(ids);
  if (ids.length === 0) return <p className="soft">{empty}</p>;
  return (
    <ul className="admin-members">
      {ids.map((id) => (
        <li key={id}>
          <Avatar name={nameOf(id)} />
          <bdi>{nameOf(id)}</bdi>
          {beside?.(id)}
          {onRemove && (
            <Button isDisabled={isDisabled} onPress={() => onRemove(id)} aria-label={text.admin.remove1(nameOf(id))}>
              {text.admin.remove}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
