import { createContext, useContext } from "react";
import type { Field, Problem, Value, Values } from "./model";

/** A form while a person fills it in. */
export interface FormState {
  /** The beginning of the ids of its elements in the page. */
  id: string;
  fields: Map<Element, Field>;
  values: Values;
  problems: Record<string, Problem>;
  /** Nothing can be changed: it is being sent, or was. */
  closed: boolean;
  change: (field: Field, value: Value) => void;
  submit: (action: string, unchecked: boolean) => void;
  reset: () => void;
}

const context = createContext<FormState | undefined>(undefined);

export const FormProvider = context.Provider;
export const useForm = () => useContext(context);
