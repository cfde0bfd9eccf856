/** Tells a person what is going on. @param share of the step that is done, 0 to 1 */
export type Progress = (step: string, share?: number) => void;
