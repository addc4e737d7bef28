import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { changeMember, type Member } from "../../api/chat";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { usePerson } from "../data/people";
import { Face } from "../Face";

interface Props {
  me: Me;
  room: string;
  list: Member[];
  /** The caller is an owner. */
  owner: boolean;
  act: (what: () => Promise<unknown>) => Promise<boolean>;
}

const height = 52;

/** The members of a room, owners first. Only those that can be seen are in the page. */
export function Members({ me, room, list, owner, act }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const sorted = [...list].sort((a, b) => Number(b.owner) - Number(a.owner));
  const rows = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    getItemKey: (i) => sorted[i]?.id ?? i,
    overscan: 6,
  });
  return (
    <>
      <h3 className="group-title">
        {text.chat.details.members} <span className="badge">{list.length.toLocaleString()}</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
      {/* biome-ignore lint/a11y/useSemanticElements: it groups no fields */}
      <div ref={scroll} className="members" tabIndex={0} role="group" aria-label={text.chat.details.members}>
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((v) => {
            const member = sorted[v.index];
            return (
              member && (
                <li key={v.key} style={{ transform: `translateY(${v.start}px)` }}>
                  <Line member={member} room={room} act={act} changeable={owner && member.id !== me.id} />
                </li>
              )
            );
          })}
        </ul>
      </div>
    </>
  );
}

interface LineProps {
  member: Member;
  room: string;
  act: Props["act"];
  changeable: boolean;
}

function Line({ member, room, act, changeable }: LineProps) {
  const person = usePerson(member.id);
  const says = text.chat.details;
  const name = person?.displayName ?? "…";
  return (
    <>
      <Face id={member.id} />
      <span className="what">
        <span className="name">{name}</span>
        <small>{member.owner ? says.owner : person?.title}</small>
      </span>
      {changeable && (
        <MenuTrigger>
          <Button look="quiet" icon aria-label={says.actions(name)}>
            <Icon name="more" size={16} />
          </Button>
          <Popover className="popover" placement="bottom end">
            <Menu
              onAction={(what) =>
                act(() => changeMember(room, what as "promoteOwner" | "demoteOwner" | "remove", member.id))
              }
            >
              {member.owner ? (
                <MenuItem id="demoteOwner">{says.demote}</MenuItem>
              ) : (
                <MenuItem id="promoteOwner">{says.promote}</MenuItem>
              )}
              <MenuItem id="remove">{says.remove}</MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
    </>
  );
}
