/** A word of the API as people write it: `not_found` is `not found`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** A member of a fixed set that a text names; the first one for any other text. */
export function oneOf<Value extends string>(values: readonly Value[], text: string | undefined): Value {
  return values.find((value) => value === text) ?? values[0];
}
