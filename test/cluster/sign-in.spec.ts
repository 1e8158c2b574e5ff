import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { ann, authorize, codeClient, redeem } from '../support/sign-in.js';
import { members } from '../support/token-endpoint.js';
import { pageError, parametersOf, type Visit, Visitor } from '../support/visitor.js';

const registered = configuration({ '/': { clients: [codeClient()], users: [ann] } });

(onServer ? describe : describe.skip)('a browser whose requests go to two nodes by turns', () => {
  let database: TestDatabase;
  let nodes: TestApp[];
  /** Where its next request goes. */
  const balancer = { url: '' };
  const turn = (node: number) => (balancer.url = nodes[node].url);

  beforeAll(async () => {
    database = await createDatabase();
    const options = { hasher: new FastHasher(), settings: database.settings, configuration: registered };
    nodes = [await TestApp.start(options), await TestApp.start(options)];
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await database.drop();
  });

  const pathOf = ({ location = '' }: Visit) => location.slice(location.indexOf('/oauth2'));

  it.each([
    [0, 1],
    [1, 0],
  ])('signs in, agrees, and gets its token (%d, %d)', async (one, other) => {
    const visitor = new Visitor(balancer);
    turn(one);
    const login = await visitor.get(authorize());
    turn(other);
    const signedIn = await visitor.submit(login, ann);
    turn(one);
    const consent = await visitor.get(pathOf(signedIn));
    turn(other);
    const { code } = parametersOf(await visitor.submit(consent, { decision: 'allow' }));
    expect(members(await redeem(nodes[one], code)).access_token).toMatch(/^sya_/);
    expect((await redeem(nodes[other], code)).status).toBe(400);
  });

  it('signs out at one, and is signed out at the other', async () => {
    const visitor = new Visitor(balancer);
    turn(0);
    await visitor.signIn(authorize());
    const session = visitor.cookies.get('symbolon') ?? '';
    const page = await visitor.get('/oauth2/logout');
    turn(1);
    expect((await visitor.submit(page, {})).status).toBe(200);
    turn(0);
    visitor.cookies.set('symbolon', session);
    expect((await visitor.get(authorize())).body).toContain('name="password"');
  });

  it('is told at one what was remembered at the other, and nothing of a form that it did not send', async () => {
    const visitor = new Visitor(balancer);
    turn(0);
    const consent = await visitor.signIn(authorize());
    turn(1);
    expect(pageError(await visitor.submit(consent, { decision: 'allow', csrf: 'x' }))).toEqual([
      400,
      'bad_request',
    ]);
    await visitor.submit(consent, { decision: 'allow', save_consent: 'on' });
    turn(0);
    expect(parametersOf(await visitor.get(authorize()))).toHaveProperty('code');
  });
});
