import { percent } from '../text/numbers.js';

interface ShareProps {
  readonly part: number;
  readonly of: number;
}

/** A share as a number and as a bar. */
export function Share({ part, of }: ShareProps) {
  return (
    <span class="share">
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${of === 0 ? 0 : (part / of) * 100}%` }} />
      </span>
      <span class="figure">{percent(part, of)}</span>
    </span>
  );
}
