/** Options of a drill, as commander gives them. */
export type DrillOptions = Readonly<Record<string, string>> & { readonly stack?: string };
