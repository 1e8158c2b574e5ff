import { randomUUID } from 'node:crypto';
import { tokenId } from '../../src/domain/access-token.js';
import { inactive, type InactiveReason, type RefusalReason } from '../../src/domain/inactive.js';
import { reasonTexts } from '../../src/domain/reason-texts.js';
import { RefusalExplainer, type RefusalExplanation } from '../../src/domain/refusal-explainer.js';
import { type Refusal, RefusalLog } from '../../src/domain/refusal.js';
import { ExplainedApp } from '../support/explained.js';

let explained: ExplainedApp;
beforeAll(async () => {
  explained = await ExplainedApp.start();
});
afterAll(() => explained.app.stop());

/** Keeps a refusal, and explains it. */
async function explanationOf(
  fields: Partial<Refusal>,
  within = '/',
): Promise<RefusalExplanation | undefined> {
  const refusal = {
    ...{ id: randomUUID(), at: explained.app.clock.now(), route: '/oauth2/tokeninfo', method: 'GET' },
    ...{ status: 401, realm: '/alpha', client: '' },
    ...fields,
  };
  const { nest } = explained.app;
  await nest.get(RefusalLog).add([refusal]);
  const explanation = await nest.get(RefusalExplainer).explain(refusal.id, within);
  if (explanation) expect(explanation.refusal).toEqual(refusal);
  return explanation;
}

it.each(Object.keys(reasonTexts) as RefusalReason[])('says what %s means, and what to do', async (reason) => {
  const explanation = await explanationOf({ reason, error: 'invalid_request' });
  expect(explanation).toMatchObject({
    sentences: [reasonTexts[reason].text],
    hint: reasonTexts[reason].hint,
  });
  expect(explanation?.token).toBeUndefined();
});

it('has a text for every reason why a token is inactive', () => {
  const missing = (Object.keys(inactive) as InactiveReason[]).filter((reason) => !(reason in reasonTexts));
  expect(missing).toEqual([]);
});

it.each([
  ['invalid_client', 'wrong secret', 'The request was refused with invalid_client: wrong secret.'],
  ['invalid_scope', undefined, 'The request was refused with invalid_scope.'],
])('tells an error without a reason: %s, %s', async (error, detail, sentence) => {
  expect(await explanationOf({ error, detail })).toMatchObject({
    sentences: [sentence],
    hint: expect.stringMatching(/\w/),
  });
});

it('tells the detail of a malformed request', async () => {
  const fields = {
    reason: 'malformed_request',
    error: 'invalid_request',
    detail: 'repeated parameter',
  } as const;
  expect((await explanationOf(fields))?.sentences[1]).toBe('In detail: repeated parameter.');
});

it('explains the token of the request as it is now', async () => {
  const { access } = await explained.login();
  explained.app.clock.advance(60_000);
  const explanation = await explanationOf({ reason: 'expired', tokenId: tokenId(access) });
  expect(explanation?.token).toEqual(await explained.explain({ about: { id: tokenId(access) } }));
});

it('asks for the token as the request did, where its realm or its client was the reason', async () => {
  const { access } = await explained.login();
  const token = { tokenId: tokenId(access) };
  const ofRealm = await explanationOf({ reason: 'other_realm', realm: '/beta', ...token });
  expect(ofRealm?.token?.sentences[0]).toBe('It belongs to the realm /alpha; the request was about /beta.');
  const ofClient = await explanationOf({ reason: 'not_permitted', client: 'own', ...token });
  expect(ofClient?.token?.sentences[0]).toMatch(/^The client own of the realm \/alpha may introspect only/);
});

it('finds the refusals of the realm of the person who asks, and shows no token of another realm', async () => {
  const { access } = await explained.login();
  expect(await explanationOf({ reason: 'expired' }, '/alpha')).toBeDefined();
  expect(await explanationOf({ reason: 'expired' }, '/alph')).toBeUndefined();
  expect(await explanationOf({ reason: 'expired', realm: '' }, '/alpha')).toBeUndefined();
  const foreign = await explanationOf(
    { reason: 'other_realm', realm: '/beta', tokenId: tokenId(access) },
    '/beta',
  );
  expect(foreign?.token).toMatchObject({ reason: 'not_found', token: undefined });
  expect(await explained.app.nest.get(RefusalExplainer).explain(randomUUID(), '/')).toBeUndefined();
});
