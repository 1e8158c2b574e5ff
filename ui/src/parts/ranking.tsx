import { Share } from './share.js';

interface RankingProps {
  /** The whole that the entries are parts of. */
  readonly of: number;
  readonly entries: readonly {
    readonly name: string;
    readonly part: number;
    /** Where to read more. */
    readonly href: string;
  }[];
}

/** How many entries are shown. */
const atMost = 6;

/** The largest parts of a whole. */
export function Ranking({ of, entries }: RankingProps) {
  return (
    <ol class="ranking">
      {entries.slice(0, atMost).map(({ name, part, href }) => (
        <li key={name}>
          <a href={href} data-row>
            {name}
          </a>
          <Share part={part} of={of} />
        </li>
      ))}
    </ol>
  );
}
