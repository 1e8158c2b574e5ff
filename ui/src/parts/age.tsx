import { useEffect, useState } from 'preact/hooks';
import { duration } from '../text/numbers.js';
import type { Resource } from '../api/resource.js';

/** How old the oldest of what a page shows is. */
export function Age({ of }: { readonly of: readonly Resource<unknown>[] }) {
  const now = useNow();
  const times = of.flatMap(({ at }) => (at === undefined ? [] : [at]));
  if (times.length === 0) return null;
  const failed = of.some(({ problem }) => problem && problem.status !== 403 && problem.status !== 404);
  return (
    <p class={failed ? 'age late' : 'age'}>
      {failed && 'could not be renewed; '}
      updated {duration(now - Math.min(...times))} ago
    </p>
  );
}

/** The time, which moves on every second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
