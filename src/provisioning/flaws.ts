import { validateSync, type ValidationError } from 'class-validator';
import { eachItem } from './decorators.js';
import { AttributeEntry, TextEntry } from './entries.js';
import { childKey, keySegment, type Problems } from './problems.js';

/** class-validator's options: a missing property is not checked further, and the first flaw of a property counts. */
export const validation = { skipUndefinedProperties: true, stopAtFirstError: true } as const;

/**
 * Adds what class-validator has found, each under its key in the file.
 * @param key of what was validated
 */
export function addFlaws(errors: readonly ValidationError[], key: string, problems: Problems): void {
  for (const error of errors) {
    const own = keyOf(error, key);
    // An item that is not a mapping has no keys to check.
    if (Array.isArray(error.target) && problems.has(own)) continue;
    for (const { at, reason } of flawsOf(error)) {
      // A value that could not be read is not checked as well.
      if (!problems.has(own + at)) problems.add(own + at, reason);
    }
    addFlaws(error.children ?? [], own, problems);
  }
}

function keyOf({ target, property }: ValidationError, key: string): string {
  if (Array.isArray(target)) return `${key}[${property}]`;
  if (target instanceof Map) return key + keySegment(property);
  // In the file this is one line, and its key is the name.
  if (target instanceof TextEntry || target instanceof AttributeEntry) return key;
  return childKey(key, property);
}

/** The flaws of a property: one of the whole value, or one for each bad item of a list. */
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

/** class-validator says that a list has a bad item, but not which one: so each item is validated as a list by itself. */
function reasonOfItem({ target, property }: ValidationError, item: unknown): string | undefined {
  const list = Object.create(Object.getPrototypeOf(target) as object, {
    [property]: { value: [item], enumerable: true },
  }) as object;
  const error = validateSync(list, validation).find((found) => found.property === property);
  return Object.values(error?.constraints ?? {})[0];
}
