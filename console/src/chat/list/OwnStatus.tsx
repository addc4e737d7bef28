import { useEffect } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { type Category, ownPresence, setPresence } from "../../api/chat";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { presenceNow, told, usePresence } from "../data/presence";
import { Dot } from "../Face";

const choices: Category[] = [
  "AVAILABLE",
  "BUSY",
  "DO_NOT_DISTURB",
  "ON_THE_PHONE",
  "IN_A_MEETING",
  "BE_RIGHT_BACK",
  "OUT_OF_OFFICE",
  "OFF_WORK",
];

/** The caller's name and status, with a menu to set it. */
export function OwnStatus({ me }: { me: Me }) {
  const now = usePresence(me.id);
  useEffect(() => here(me.id), [me.id]);
  const choose = async (key: string | number) => {
    const category = String(key) as Category;
    // available is soft: it becomes away by itself
    told(await setPresence(category, category === "AVAILABLE"));
  };
  return (
    <MenuTrigger>
      <Button
        look="quiet"
        className="own-status"
        aria-label={text.chat.presence.set(me.displayName, text.chat.presence[now])}
      >
        <Dot user={me.id} />
        <span className="name">{me.displayName}</span>
      </Button>
      <Popover className="popover">
        <Menu
          aria-label={text.chat.presence.label}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[now]}
          onAction={choose}
        >
          {choices.map((category) => (
            <MenuItem key={category} id={category} textValue={text.chat.presence[category]}>
              <span className="status-choice">
                <span className={`dot ${category.toLowerCase()}`} />
                {text.chat.presence[category]}
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** What a person has not chosen: the pod finds it out. */
const automatic = new Set<Category>(["AVAILABLE", "AWAY", "OFFLINE"]);

/** here sets a person who comes, or comes back, to available. A status that they have set stays. */
function here(me: number): () => void {
  const available = () => {
    setPresence("AVAILABLE", true).catch(() => undefined); // the next sign tries again
  };
  ownPresence().then(
    (own) => {
      if (automatic.has(own.category)) available();
    },
    () => undefined,
  );
  const sign = () => {
    const now = presenceNow(me);
    if (now === "AWAY" || now === "OFFLINE") available();
  };
  addEventListener("pointerdown", sign, { passive: true });
  addEventListener("keydown", sign, { passive: true });
  return () => {
    removeEventListener("pointerdown", sign);
    removeEventListener("keydown", sign);
  };
}
