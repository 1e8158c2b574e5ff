/**
 * JSON with the names of objects and Maps sorted, and names without a value left out, so that equal texts
 * mean equal contents.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
    const entries: [string, unknown][] =
      item instanceof Map ? [...(item as Map<string, unknown>)] : Object.entries(item);
    // Pairs instead of an object: an object would put names that look like numbers first, and lose `__proto__`.
    return entries.filter(([, held]) => held !== undefined).sort(([one], [other]) => (one < other ? -1 : 1));
  });
}
