import { createContext, type ReactNode, useContext, useState } from "react";
import { Button } from "../parts/Button";
import { Modal } from "../parts/Modal";
import { text } from "../text";
import { useAround } from "./context";
import { children } from "./elements";
import { buttonLook } from "./form/FormButton";

interface Dialogs {
  open: string | undefined;
  show: (id: string | undefined) => void;
}

const dialogs = createContext<Dialogs>({ open: undefined, show: () => {} });

/** Dialogs of one message: a button beside a dialog opens it. */
export function DialogsOf({ children }: { children: ReactNode }) {
  const [open, show] = useState<string>();
  return <dialogs.Provider value={{ open, show }}>{children}</dialogs.Provider>;
}

export const useDialogs = () => useContext(dialogs);

/** Buttons that open a conversation or a dialog. */
export function UIAction({ of, depth }: { of: Element; depth: number }) {
  const { openIM } = useAround();
  const { show } = useDialogs();
  const attribute = (name: string) => of.getAttribute(`data-${name}`) ?? undefined;
  const act = () => {
    if (attribute("action")?.toLowerCase() === "open-dialog") {
      show(attribute("target-id"));
      return;
    }
    openIM?.(idsOf(attribute("user-ids")), attribute("stream-id"));
  };
  return (
    <>
      {[...of.children].map((child, i) =>
        child.nodeName === "button" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a message do not move
          <Button key={i} {...buttonLook(child)} onPress={act}>
            {child.textContent || text.markup.open}
          </Button>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <UIAction key={i} of={child} depth={depth + 1} />
        ),
      )}
    </>
  );
}

function idsOf(list: string | undefined): number[] | undefined {
  try {
    const ids: unknown = JSON.parse(list ?? "null");
    return Array.isArray(ids) ? ids.map(Number).filter(Number.isSafeInteger) : undefined;
  } catch {
    return undefined;
  }
}

/** A dialog of a message. It is shown when a button opens it. */
export function Dialog({ of, depth }: { of: Element; depth: number }) {
  const { open, show } = useDialogs();
  const id = of.getAttribute("id") ?? "";
  const within = of.querySelector("form") ?? of;
  const part = (name: string) => [...within.children].find((c) => c.getAttribute("class") === `dialog-${name}`);
  const title = part("title");
  const width = of.getAttribute("data-width");
  return (
    <Modal
      title={title?.textContent || text.markup.dialog}
      isOpen={id !== "" && open === id}
      onClose={() => show(undefined)}
      wide={width === "large" || width === "full-width"}
    >
      <div className="markup">{children(of, depth)}</div>
    </Modal>
  );
}
