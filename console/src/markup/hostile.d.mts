/** Texts of attackers, as they might be in PresentationML. */
export const hostile: string[];
