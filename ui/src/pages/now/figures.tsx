import { count, figure, milliseconds, percent } from '../../text/numbers.js';
import { type Bucket, lastWhole, total } from '../../text/series.js';

/** How many minutes the figures are of. */
const minutes = 5;

interface FiguresProps {
  readonly buckets: readonly Bucket[];
  /** Milliseconds. */
  readonly resolution: number;
}

/** The few figures that say whether all is well. */
export function Figures({ buckets, resolution }: FiguresProps) {
  const recent = total(lastWhole(buckets, resolution, minutes));
  const { messages, seconds, successes, failures, exceptions } = recent;
  const rate = seconds === 0 ? 0 : messages / seconds;
  return (
    <>
      <dl class="tiles">
        <Tile name="Messages a second" value={figure(rate)} />
        <Tile
          name="Answered well"
          value={percent(successes, messages)}
          ink={messages > 0 ? 'ok' : undefined}
        />
        <Tile name="Refused" value={percent(failures, messages)} ink={failures > 0 ? 'refused' : undefined} />
        <Tile name="Exceptions" value={count(exceptions)} ink={exceptions > 0 ? 'failed' : undefined} />
        <Tile name="Average time" value={milliseconds(recent.time_avg)} />
      </dl>
      <p class="hint tiles-note">Of the last {minutes} minutes.</p>
    </>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly ink?: 'ok' | 'refused' | 'failed';
}

function Tile({ name, value, ink }: TileProps) {
  return (
    <div class={ink ? `tile ${ink}` : 'tile'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
