import { CommandError } from './command-error.js';

/** A table is in memory as a whole, because its columns are as wide as their texts. */
const maxRows = 10_000;

/** @throws CommandError for a list that is too long for a table; as JSON, it is printed page by page */
export function refuseLongTable(limit: number, json: true | undefined): void {
  if (json || limit <= maxRows) return;
  throw new CommandError('usage', `a table has ${maxRows} rows at most: add --json, or lower --limit`);
}
