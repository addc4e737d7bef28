import { memo, useMemo } from "react";
import type { Message } from "../api/chat";
import { type Around, AroundProvider } from "./context";
import { children } from "./elements";
import { entitiesOf, parse } from "./parse";

export interface Props {
  message: Pick<Message, "message" | "data">;
  me: number;
  submit?: Around["submit"];
  openIM?: Around["openIM"];
}

/** A message's PresentationML as React elements. What is no PresentationML is shown as text. */
export const Markup = memo(function Markup({ message, me, submit, openIM }: Props) {
  const root = useMemo(() => parse(message.message), [message.message]);
  const entities = useMemo(() => entitiesOf(message.data), [message.data]);
  const around = useMemo(() => ({ me, entities, submit, openIM }), [me, entities, submit, openIM]);
  return (
    <AroundProvider value={around}>
      <div className="markup">{root ? children(root, 0) : message.message}</div>
    </AroundProvider>
  );
});
