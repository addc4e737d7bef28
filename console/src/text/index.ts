import { en, type Texts } from "./en";

/** The texts of the console. */
export const text: Texts = en;
