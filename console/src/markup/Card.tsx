import { type ReactNode, useId, useState } from "react";
import { Button } from "react-aria-components";
import { Icon } from "../parts/Icon";
import { text } from "../text";
import { children } from "./elements";
import { picture } from "./links";

const accents = /^tempo-bg-color--[a-z]+$/;

const part = (of: Element, name: string) =>
  [...of.children].find((child) => (child.getAttribute("class") ?? "").split(/\s+/).includes(name));

/** A card: what is in its header is always shown, its body can be closed. */
export function Card({ of, depth }: { of: Element; depth: number }) {
  const header = part(of, "cardHeader");
  const body = part(of, "cardBody");
  const accent = of.getAttribute("data-accent-color") ?? "";
  const icon = picture(of.getAttribute("data-icon-src"));
  const className = `message-card ${accents.test(accent) ? accent.replace("bg-", "accent-") : ""}`;
  if (!header && !body) return <div className={className}>{children(of, depth)}</div>;
  return (
    <div className={className}>
      <Folding
        header={
          <>
            {icon && <img className="card-icon" src={icon} alt="" />}
            <div className="card-title">{header && children(header, depth + 1)}</div>
          </>
        }
        open
      >
        {body && children(body, depth + 1)}
      </Folding>
    </div>
  );
}

/** A card that its author has closed, cropped or opened. */
export function ExpandableCard({ of, depth }: { of: Element; depth: number }) {
  const header = part(of, "expandableCardHeader");
  const body = part(of, "expandableCardBody");
  const state = of.getAttribute("data-state");
  const variant = body?.getAttribute("data-variant") === "error" ? "error" : "";
  return (
    <div className={`message-card ${variant}`}>
      <Folding
        header={<div className="card-title">{header && children(header, depth + 1)}</div>}
        open={state === "expanded"}
        cropped={state === "cropped"}
      >
        {body && children(body, depth + 1)}
      </Folding>
    </div>
  );
}

interface FoldingProps {
  header: ReactNode;
  open: boolean;
  /** While closed, the beginning of the body is shown. */
  cropped?: boolean;
  children: ReactNode;
}

function Folding({ header, open, cropped = false, children }: FoldingProps) {
  const [shown, show] = useState(open);
  const id = useId();
  return (
    <>
      <div className="card-header">
        {header}
        {children && (
          <Button
            className="button quiet icon fold"
            aria-expanded={shown}
            aria-controls={id}
            aria-label={shown ? text.markup.less : text.markup.more}
            onPress={() => show(!shown)}
          >
            <Icon name="down" size={16} />
          </Button>
        )}
      </div>
      <div id={id} className={shown || !cropped ? "card-body" : "card-body cropped"} hidden={!shown && !cropped}>
        {children}
      </div>
    </>
  );
}
