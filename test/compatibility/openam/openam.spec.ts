import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { TestApp } from '../../support/app.js';
import { type Capture, type CapturedAnswer, captures, repeat } from './captures.js';
import { commonDifferences, isCommon } from './common-differences.js';
import { type Aspect, comparable, type Difference, differences, outcome } from './comparison.js';
import { namedTokens } from './named-tokens.js';
import { type ListedDifference, postDifferences } from './post-differences.js';
import { namedRealmDifferences, tokenInfoDifferences } from './tokeninfo-differences.js';

/** Our answer to a capture's request, and how it differs from OpenAM's. */
interface Repeated {
  readonly answer: CapturedAnswer;
  readonly differences: readonly Difference[];
}

/** Repeats the captures one after the other at a server that is set up as OpenAM was; results by their ids. */
async function repeatAll(
  repeated: readonly Capture[],
  settings = {},
): Promise<ReadonlyMap<string, Repeated>> {
  const configuration = readFileSync(new URL('./symbolon.yaml', import.meta.url), 'utf8');
  const issuer = { ISSUER: 'http://am.example.org:18081/am' };
  const app = await TestApp.start({ configuration, settings: { ...issuer, ...settings } });
  try {
    const tokens = await namedTokens(app);
    const results = new Map<string, Repeated>();
    for (const capture of repeated) {
      const answer = comparable(await repeat(capture, app, tokens), tokens);
      results.set(capture.id, { answer, differences: differences(capture.answer, answer) });
    }
    return results;
  } finally {
    await app.stop();
  }
}

const everyCapture = Object.values(captures).flat();
const listedDifferences = [...postDifferences, ...tokenInfoDifferences];
const listed = outcomesOf(listedDifferences);

/** The outcomes, or statuses, of our answers as a list names them, by the captures' ids. */
function outcomesOf(list: readonly ListedDifference[]): ReadonlyMap<string, string> {
  return new Map(list.flatMap(({ captures, here }) => captures.map((id) => [id, here])));
}

function titles(chosen: readonly Capture[]): (readonly [id: string, what: string])[] {
  return chosen.map((capture) => [capture.id, capture.case]);
}

describe('OpenAM 16.0.5', () => {
  let results: ReadonlyMap<string, Repeated>;
  beforeAll(async () => (results = await repeatAll(everyCapture, { TOKENINFO_REALMS: 'any' })));

  /** How an answer differs, apart from what any answer may show. */
  const own = (id: string) => results.get(id)?.differences.filter((difference) => !isCommon(difference));

  it('is compared in each of 215 captures', () => {
    expect([...results.keys()]).toEqual(everyCapture.map(({ id }) => id));
    expect(results.size).toBe(215);
  });

  it('has each capture that is listed, and none is listed twice', () => {
    const ids = listedDifferences.flatMap(({ captures }) => captures);
    expect(ids.filter((id, index) => !results.has(id) || ids.indexOf(id) !== index)).toEqual([]);
  });

  const aspects = commonDifferences.flatMap(({ values }) => Object.keys(values) as Aspect[]);
  it.each(aspects)('differs in some answers by the %s', (aspect) => {
    const all = [...results.values()].flatMap((result) => result.differences);
    expect(all.filter((difference) => difference.aspect === aspect && isCommon(difference))).not.toEqual([]);
  });

  const isListed = ({ id }: Capture) => listed.has(id);
  const isEqual = (capture: Capture) => !isListed(capture);

  it.each(titles(everyCapture.filter(isEqual)))('equal: %s %s', (id) => {
    expect(own(id)).toEqual([]);
  });

  it.each(titles(everyCapture.filter(isListed)))('listed: %s %s', (id) => {
    expect(own(id)).not.toEqual([]);
    const answer = results.get(id)?.answer;
    expect([answer && outcome(answer), String(answer?.status)]).toContain(listed.get(id));
  });

  it('answers more requests than we do with the default of TOKENINFO_REALMS', async () => {
    const byDefault = await repeatAll(captures.tokenInfo);
    const other = [...byDefault].filter(
      ([id, { answer }]) => !isDeepStrictEqual(answer, results.get(id)?.answer),
    );
    const here = other.map(([id, { answer }]) => [id, outcome(answer)] as const);
    expect(new Map(here)).toEqual(outcomesOf(namedRealmDifferences));
  });
});
