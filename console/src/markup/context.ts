import { createContext, useContext } from "react";
import type { FormValues } from "../api/chat";
import type { Entity } from "./parse";

/** What the elements of a message need to know of it. */
export interface Around {
  /** Who is looking. */
  me: number;
  entities: Map<string, Entity>;
  /** Sends a form. Absent: forms cannot be sent, as in a quotation. */
  submit?: (formId: string, values: FormValues) => Promise<void>;
  /** Opens the conversation with people, or the one with an id. */
  openIM?: (users: number[] | undefined, stream: string | undefined) => void;
}

const context = createContext<Around>({ me: 0, entities: new Map() });

export const AroundProvider = context.Provider;
export const useAround = () => useContext(context);
