import { traceContextOf } from '../../src/http/request/trace-context.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { ask } from '../support/exchange.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const valid = `00-${traceId}-${parentId}-01`;

const contextOf = (...values: string[]) =>
  traceContextOf({ rawHeaders: values.flatMap((value) => ['Traceparent', value]) });

describe('W3C Trace Context §3.2', () => {
  it.each([
    valid,
    `00-${traceId}-${parentId}-00`,
    `cc-${traceId}-${parentId}-01`,
    `cc-${traceId}-${parentId}-01-new`,
  ])('takes %s', (value) => {
    expect(contextOf(value)).toEqual({ traceId, parentId });
  });

  it.each([
    ['nothing', []],
    ['two headers', [valid, valid]],
    ['version ff', [`ff-${traceId}-${parentId}-01`]],
    ['more fields in version 00', [`${valid}-new`]],
    ['a trace of zeros', [`00-${'0'.repeat(32)}-${parentId}-01`]],
    ['a parent of zeros', [`00-${traceId}-${'0'.repeat(16)}-01`]],
    ['upper case', [valid.toUpperCase()]],
    ['a short trace', [`00-${traceId.slice(1)}-${parentId}-01`]],
    ['another text', ['canary']],
    ['white space', [` ${valid}`]],
  ])('takes nothing of %s', (_, values) => {
    expect(contextOf(...values)).toBeUndefined();
  });
});

describe('the access log', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ hasher: new FastHasher() });
  });
  afterAll(() => app.stop());

  /** The log line of a refused request with these headers. */
  async function logged(path: string, headers: Record<string, string>): Promise<Record<string, unknown>> {
    app.logged.length = 0;
    await ask(app, { method: 'GET', path, headers });
    return JSON.parse(app.logged[0]) as Record<string, unknown>;
  }

  it.each([
    ['the fast path', '/api/oauth/tokeninfo?access_token=x'],
    ['a controller', '/oauth2/tokeninfo?access_token=x&realm=%2F'],
  ])('names the trace of a request that %s answers', async (_, path) => {
    expect(await logged(path, { traceparent: valid })).toMatchObject({
      traceId,
      parentId,
      correlationId: expect.any(String),
    });
  });

  it('keeps nothing of a header in another form', async () => {
    const line = await logged('/api/oauth/tokeninfo?access_token=x', { traceparent: '00-canary' });
    expect(line).not.toHaveProperty('traceId');
    expect(JSON.stringify(line)).not.toContain('canary');
  });
});
