import { lazy, Suspense, useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";

const NewMessage = lazy(() => import("./NewMessage"));
const NewRoom = lazy(() => import("./NewRoom"));

/** The menu that begins a conversation. */
export function NewButton({ me }: { me: Me }) {
  const [making, make] = useState<"message" | "room">();
  const done = () => make(undefined);
  return (
    <>
      <MenuTrigger>
        <Button look="quiet" icon aria-label={text.chat.newConversation}>
          <Icon name="plus" />
        </Button>
        <Popover className="popover">
          <Menu onAction={(key) => make(key as "message" | "room")}>
            <MenuItem id="message">{text.chat.message}</MenuItem>
            <MenuItem id="room">{text.chat.room}</MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Suspense>
        {making === "message" && <NewMessage me={me} onClose={done} />}
        {making === "room" && <NewRoom onClose={done} />}
      </Suspense>
    </>
  );
}
