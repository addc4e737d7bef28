import { lazy, Suspense, useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover, Toolbar } from "react-aria-components";
import type { Message } from "../../api/chat";
import type { Me } from "../../api/session";
import { plain } from "../../markup/parse";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";

const Forward = lazy(() => import("./ForwardDialog"));
const Suppress = lazy(() => import("./SuppressDialog"));
const ReadBy = lazy(() => import("./ReadByDialog"));

interface Props {
  me: Me;
  stream: string;
  message: Message;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
}

/** What can be done with a message. */
export function MessageActions({ me, stream, message, reply, edit }: Props) {
  const [open, setOpen] = useState<string>();
  const own = message.user.userId === me.id;
  const says = text.chat.actions;
  const close = () => setOpen(undefined);
  const act = (key: string | number) => {
    if (key === "copy") navigator.clipboard?.writeText(plain(message.message)).catch(() => undefined);
    else setOpen(String(key));
  };
  return (
    <>
      <Toolbar className="message-actions" aria-label={says.of(message.user.displayName)}>
        <Button look="quiet" icon aria-label={says.reply} onPress={() => reply(message)}>
          <Icon name="reply" size={16} />
        </Button>
        {own && (
          <Button look="quiet" icon aria-label={says.edit} onPress={() => edit(message)}>
            <Icon name="edit" size={16} />
          </Button>
        )}
        <MenuTrigger>
          <Button look="quiet" icon aria-label={says.label}>
            <Icon name="more" size={16} />
          </Button>
          <Popover className="popover" placement="bottom end">
            <Menu onAction={act}>
              <MenuItem id="forward">{says.forward}</MenuItem>
              <MenuItem id="copy">{says.copy}</MenuItem>
              <MenuItem id="read">{says.readBy}</MenuItem>
              {(own || suppresses(me)) && <MenuItem id="suppress">{says.suppress}</MenuItem>}
            </Menu>
          </Popover>
        </MenuTrigger>
      </Toolbar>
      <Suspense>
        {open === "forward" && <Forward me={me} stream={stream} message={message} onClose={close} />}
        {open === "suppress" && <Suppress message={message} onClose={close} />}
        {open === "read" && <ReadBy stream={stream} message={message} onClose={close} />}
      </Suspense>
    </>
  );
}

/** suppresses reports whether the caller may suppress messages of others. The pod decides about each. */
const suppresses = (me: Me) =>
  me.roles?.some((r) => ["SUPER_COMPLIANCE_OFFICER", "COMPLIANCE_OFFICER", "SUPER_ADMINISTRATOR"].includes(r)) ?? false;
