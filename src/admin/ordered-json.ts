/**
 * JSON of objects, Maps and lists, with the members of a Map in their order: an object would put a name like `12` first.
 * Members that are undefined are left out.
 */
export function orderedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(orderedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  const written = members
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${orderedJson(member)}`);
  return `{${written.join(',')}}`;
}
