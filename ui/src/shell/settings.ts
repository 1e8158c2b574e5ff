import { useState } from 'preact/hooks';

/** What a reader has set, kept in this browser. Tokens are never kept. */
type Setting = 'theme' | 'keys';

/**
 * A setting with its value.
 * @param values the first one is that of a reader who has set nothing
 */
export function useSetting<Value extends string>(
  name: Setting,
  values: readonly Value[],
): [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => values.find((known) => known === stored(name)) ?? values[0]);
  return [
    value,
    (next) => {
      setValue(next);
      store(name, next);
    },
  ];
}

// A browser that keeps nothing throws: the setting is then that of this page.
function stored(name: Setting): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name: Setting, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // See above.
  }
}
