import { captures } from './captures.js';
import { commonDifferences } from './common-differences.js';
import { outcome } from './comparison.js';
import { type ListedDifference, postDifferences } from './post-differences.js';
import { namedRealmDifferences, tokenInfoDifferences } from './tokeninfo-differences.js';

const outcomes = new Map(
  Object.values(captures).flatMap((all) => all.map(({ id, answer }) => [id, outcome(answer)])),
);

/** The known differences as the documentation has them, in Markdown. */
export function differenceTables(): string {
  const listed = [...postDifferences, ...tokenInfoDifferences];
  const unequal = listed.flatMap((difference) => difference.captures);
  return [
    `${outcomes.size - unequal.length} of ${outcomes.size} answers are equal, apart from these differences, which any answer may show:`,
    table(
      ['OpenAM', 'here', 'why'],
      commonDifferences.map(({ openam, here, reason }) => [openam, here, reason]),
    ),
    'The other answers differ in more. The last two rows are of the default, `TOKENINFO_REALMS=named`:',
    table(['request', 'OpenAM', 'here', 'why'], [...listed, ...namedRealmDifferences].map(row)),
  ].join('\n\n');
}

function row({ request, captures, here, reason }: ListedDifference): string[] {
  const openam = new Set(captures.map((id) => outcomes.get(id) ?? ''));
  return [request, coded([...openam].join(', ')), coded(here), reason];
}

/** Marks the codes of errors in an outcome as code. */
function coded(outcome: string): string {
  return outcome.replace(/\w+_\w+/g, '`$&`');
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
