import { useEffect, useState } from 'preact/hooks';

/** How long after the last key a text counts as typed, in milliseconds. */
const pauseMs = 150;

/** A value that is being typed, once the typing pauses. */
export function usePaused<Value>(value: Value): Value {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
