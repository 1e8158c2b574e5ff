import type { Page } from '../../domain/page.js';

/*
 * Lists that are sorted by (at, id), newest first: each walks an index on these two columns backwards, from a place.
 */

/** The condition that a row is before the place of a page; its values are those of `placeOf`. */
export const beforePlace = '(at, id) < ($1::timestamptz, $2::uuid)';

/** The condition that a row is of the realm in the parameter or of one below it; the root realm stands for all rows. */
export function withinRealm(parameter: string): string {
  return `(${parameter}::text = '/' OR realm = ${parameter} OR starts_with(realm, ${parameter} || '/'))`;
}

/** The values of `beforePlace`; without a place, those that every row is before. */
export function placeOf({ before }: Pick<Page, 'before'>): [at: Date | string, id: string] {
  return before ? [new Date(before.at), before.id] : ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
}
