/** Composite alarms that stand between a page and its alarms, where these are more than one rule takes. */
import type { Page } from "./pages.ts";

/** An alarm that fires with any of others, and tells nobody by itself. */
export interface AlarmGroup {
  readonly key: string;
  readonly anyOf: readonly string[];
}

/** A page, and what its actions wait for. */
export interface ComposedPage extends Page {
  /** Key of the alarm or group that holds it back. @default nothing does */
  readonly suppressor?: string;
}

/** Pages whose rules CloudWatch takes, and the groups that these name: each after those that it names itself. */
export interface ComposedPages {
  readonly pages: readonly ComposedPage[];
  readonly groups: readonly AlarmGroup[];
}

/** What a side of a page's rule becomes. */
interface Side {
  readonly keys: readonly string[];
  readonly groups: readonly AlarmGroup[];
}

/** Steps in which a page's two sides get shorter: as they are, one group for each first word, one group for all of these. */
const steps = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 2],
  [2, 2],
] as const;

/**
 * Puts groups between pages and alarms until every rule fits; pages that fit stay as they are. Groups are named by the words
 * that the keys of their alarms start with, so that another service makes another group and moves no other.
 * @param fits whether one rule takes these alarms
 */
export function composedPages(pages: readonly Page[], fits: (keys: readonly string[]) => boolean): ComposedPages {
  const made = pages.map((page) => {
    const { page: short, groups } = shortened(page, fits);
    const holding = suppressorOf(page, fits);
    return { page: { ...short, ...holding.named }, groups: [...groups, ...holding.groups] };
  });
  const groups = new Map(made.flatMap(({ groups: each }) => each.map((group) => [group.key, group] as const)));
  return { pages: made.map(({ page }) => page), groups: [...groups.values()] };
}

function shortened(
  page: Page,
  fits: (keys: readonly string[]) => boolean,
): { readonly page: Page; readonly groups: readonly AlarmGroup[] } {
  const { groupedAs, anyOf, andAnyOf = [] } = page;
  if (groupedAs === undefined) return { page, groups: [] };
  const tried = steps.map(([first, second]) => ({
    any: side(anyOf, groupedAs.anyOf, first, fits),
    and: side(andAnyOf, groupedAs.andAnyOf, second, fits),
  }));
  const chosen = tried.find(({ any, and }) => fits([...any.keys, ...and.keys])) ?? tried.at(-1);
  if (chosen === undefined) return { page, groups: [] };
  return {
    page: { ...page, anyOf: chosen.any.keys, ...(page.andAnyOf === undefined ? {} : { andAnyOf: chosen.and.keys }) },
    groups: [...chosen.any.groups, ...chosen.and.groups],
  };
}

/** An alarm's actions have one suppressor: where several alarms hold a page back, they are a group, one for all pages of a subject. */
function suppressorOf(
  { about, heldBackBy }: Page,
  fits: (keys: readonly string[]) => boolean,
): { readonly named: Pick<ComposedPage, "suppressor">; readonly groups: readonly AlarmGroup[] } {
  const [only, ...more] = heldBackBy;
  if (only === undefined) return { named: {}, groups: [] };
  if (more.length === 0) return { named: { suppressor: only }, groups: [] };
  const key = `needs-of-${about}`;
  const { keys, groups } = fits(heldBackBy) ? { keys: heldBackBy, groups: [] } : grouped(heldBackBy, key, 0, fits);
  return { named: { suppressor: key }, groups: [...groups, { key, anyOf: keys }] };
}

function side(keys: readonly string[], name: string, step: 0 | 1 | 2, fits: (keys: readonly string[]) => boolean): Side {
  if (step === 0 || keys.length < 2) return { keys, groups: [] };
  const byWord = grouped(keys, name, 0, fits);
  return step === 1 ? byWord : { keys: [name], groups: [...byWord.groups, { key: name, anyOf: byWord.keys }] };
}

/** One group for each word at that place; where a group is too large, its own groups by the next word. */
function grouped(keys: readonly string[], name: string, place: number, fits: (keys: readonly string[]) => boolean): Side {
  const words = Map.groupBy(keys, (key) => key.split("-")[place] ?? "");
  const sides = [...words].map(([word, members]): Side => {
    const key = `${name}-${word}`;
    if (members.length === 1) return { keys: members, groups: [] };
    const inner = fits(members) ? { keys: members, groups: [] } : grouped(members, key, place + 1, fits);
    return { keys: [key], groups: [...inner.groups, { key, anyOf: inner.keys }] };
  });
  return { keys: sides.flatMap((each) => each.keys), groups: sides.flatMap((each) => each.groups) };
}
