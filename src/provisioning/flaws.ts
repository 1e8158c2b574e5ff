import { validateSync, type ValidationError } from 'class-validator';
import { eachItem } from './decorators.js';
import { AttributeEntry, TextEntry } from './entries.js';
import { childKey, keySegment, type Problems } from './problems.js';

/** A property that was left out has no flaw but that; of several flaws of one the first counts. */
export const validation = { skipUndefinedProperties: true, stopAtFirstError: true } as const;

/**
 * Adds what class-validator has found, each under its key in the file.
 * @param key of what was validated
 */
export function addFlaws(errors: readonly ValidationError[], key: string, problems: Problems): void {
  for (const error of errors) {
    const own = keyOf(error, key);
    // What is no mapping has no keys to judge.
    if (Array.isArray(error.target) && problems.has(own)) continue;
    for (const { at, reason } of flawsOf(error)) {
      // What could not be read is not judged as well.
      if (!problems.has(own + at)) problems.add(own + at, reason);
    }
    addFlaws(error.children ?? [], own, problems);
  }
}

function keyOf({ target, property }: ValidationError, key: string): string {
  if (Array.isArray(target)) return `${key}[${property}]`;
  if (target instanceof Map) return key + keySegment(property);
  // Name and value of one line of the file: its key is the name.
  if (target instanceof TextEntry || target instanceof AttributeEntry) return key;
  return childKey(key, property);
}

/** What is wrong with a property: the whole of it, or some items of a list. */
function flawsOf(error: ValidationError): { readonly at: string; readonly reason: string }[] {
  const [[constraint, reason] = []] = Object.entries(error.constraints ?? {});
  if (reason === undefined) return [];
  if (constraint !== eachItem) return [{ at: '', reason }];
  const single = error.target instanceof AttributeEntry && !Array.isArray(error.target.written);
  return (error.value as unknown[]).flatMap((item, index) => {
    const own = reasonOfItem(error, item);
    return own === undefined ? [] : [{ at: single ? '' : `[${index}]`, reason: own }];
  });
}

/** class-validator says that a list has a bad item, but not which: each is a list of its own here. */
function reasonOfItem({ target, property }: ValidationError, item: unknown): string | undefined {
  const list = Object.create(Object.getPrototypeOf(target) as object, {
    [property]: { value: [item], enumerable: true },
  }) as object;
  const error = validateSync(list, validation).find((found) => found.property === property);
  return Object.values(error?.constraints ?? {})[0];
}
