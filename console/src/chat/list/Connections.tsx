import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { connections } from "../../api/chat";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";

const ConnectionsDialog = lazy(() => import("./ConnectionsDialog"));

/** The button of the connections with people of other companies; it shows that a request waits. */
export function ConnectionsButton() {
  const [open, setOpen] = useState(false);
  const list = useQuery({ queryKey: ["connections"], queryFn: connections });
  const waiting = list.data?.filter((c) => c.status === "PENDING_INCOMING").length ?? 0;
  const label = text.chat.connections.title;
  return (
    <>
      <Button
        look="quiet"
        icon
        className="with-mark"
        aria-label={waiting > 0 ? `${label}: ${text.chat.connections.waiting(waiting)}` : label}
        onPress={() => setOpen(true)}
      >
        <Icon name="link" />
        {waiting > 0 && <span className="mark" aria-hidden="true" />}
      </Button>
      <Suspense>{open && <ConnectionsDialog list={list.data ?? []} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
