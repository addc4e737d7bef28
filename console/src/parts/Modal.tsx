import type { ReactNode } from "react";
import { Modal as Aria, Dialog, Heading, ModalOverlay } from "react-aria-components";

export interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  /** A question that must be answered: a click beside it does not close it. */
  alert?: boolean;
  children: ReactNode;
}

/** A dialog over the page. */
export function Modal({ title, isOpen, onClose, wide = false, alert = false, children }: Props) {
  return (
    <ModalOverlay
      className="modal-ground"
      isOpen={isOpen}
      isDismissable={!alert}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Aria className={wide ? "modal wide" : "modal"}>
        <Dialog role={alert ? "alertdialog" : "dialog"}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Aria>
    </ModalOverlay>
  );
}
