import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { format, resolveConfig } from 'prettier';
import { adminListener } from '../../src/admin/listener.openapi.js';
import { publicListener } from '../../src/http/listener.openapi.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { ask } from '../support/exchange.js';
import { documentOf, type OpenApiDocument, type WrittenMediaType } from './document.js';
import { routesOf } from './routes.js';

type Listener = 'admin' | 'public';

let app: TestApp;
let admin: AdminTestApp;
let documents: Readonly<Record<Listener, OpenApiDocument>>;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
    settings: { OPENID_CONFIGURATION: 'on' },
  });
  admin = await app.admin();
  documents = {
    admin: documentOf(admin.nest, adminListener),
    public: documentOf(app.nest, publicListener),
  };
});
afterAll(() => app.stop());

/** Every media type of a document, with where it stands. */
function mediaTypesOf(part: unknown, pointer = '#'): [pointer: string, media: WrittenMediaType][] {
  if (typeof part !== 'object' || part === null) return [];
  if ('schema' in part && 'examples' in part) return [[pointer, part as WrittenMediaType]];
  return Object.entries(part).flatMap(([name, value]) =>
    mediaTypesOf(value, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** `/refusals/{id}` as a path that can be asked for. */
function filled(path: string): string {
  return path.replaceAll(/\{\w+\}/g, 'alpha');
}

describe.each<Listener>(['admin', 'public'])('the document %s', (name) => {
  it('is committed as the code makes it: npm run docs', async () => {
    const path = new URL(`../../docs/openapi/${name}.json`, import.meta.url);
    const options = { ...(await resolveConfig(path)), parser: 'json' };
    const text = await format(JSON.stringify(documents[name]), options);
    if (process.env.UPDATE_DOCS === 'on') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('has every route of the router, and no other', () => {
    const { nest } = name === 'admin' ? admin : app;
    const documented = Object.keys(documents[name].paths).filter((path) => !path.includes('/realms/root/'));
    expect(documented.sort()).toEqual(routesOf(nest).sort());
  });

  it('has the methods that each route allows', async () => {
    const listener = name === 'admin' ? admin : app;
    const authorization = `Bearer ${await admin.token()}`;
    for (const [path, item] of Object.entries(documents[name].paths)) {
      const { status, headers: answered } = await ask(listener, {
        method: 'TRACE',
        path: filled(path),
        headers: { authorization },
      });
      const allowed = answered.allow?.toLowerCase().split(', ') ?? [];
      const methods = Object.keys(item).filter((method) => method !== 'options');
      expect([path, status, allowed.filter((method) => method !== 'head').sort()]).toEqual([
        path,
        405,
        methods.sort(),
      ]);
    }
  });

  it('has an operation identifier for each operation, and each but once', () => {
    const operations = Object.values(documents[name].paths).flatMap((item) => Object.values(item));
    const identifiers = operations.map(({ operationId }) => operationId);
    expect(new Set(identifiers).size).toBe(identifiers.length);
  });

  it('has examples that fit their schemas', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema(documents[name], 'document');
    const media = mediaTypesOf(documents[name]);
    expect(media.length).toBeGreaterThan(20);
    for (const [pointer, { examples }] of media) {
      const fragment = pointer.split('/').map(encodeURIComponent).join('/').replace('%23', '#');
      const validate = ajv.compile({ $ref: `document${fragment}/schema` });
      for (const [example, { value }] of Object.entries(examples)) {
        expect([pointer, example, validate(value), validate.errors]).toEqual([pointer, example, true, null]);
      }
    }
  });

  it('has tags that it describes', () => {
    const { tags, paths } = documents[name];
    const used = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap((operation) => operation.tags),
    );
    expect([...new Set(used)].sort()).toEqual(tags.map((tag) => tag.name).sort());
  });
});

describe('the watch over answers', () => {
  const answer = {
    method: 'GET',
    route: '/healthz',
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-correlation-id': '3c5e0f0e-7a55-4b19-a0f5-0d0c2f9b8a77',
    },
    body: '{"status":"ok"}',
  };

  it('finds nothing wrong with an answer that the document describes', () => {
    expect(answerFlaw('public', answer)).toBeUndefined();
  });

  it.each([
    ['a body that does not fit', { body: '{"status":"well"}' }, 'the body it/status must be equal'],
    ['a further member', { body: '{"status":"ok","more":1}' }, 'must NOT have additional properties'],
    ['another status', { status: 201 }, 'there is no such answer'],
    ['another route', { route: '/health' }, 'there is no such answer'],
    [
      'another content type',
      { headers: { ...answer.headers, 'content-type': 'text/plain' } },
      'content type',
    ],
    [
      'a missing header',
      { headers: { ...answer.headers, pragma: undefined } },
      'the header Pragma is missing',
    ],
    ['a strange header', { headers: { ...answer.headers, etag: '"1"' } }, 'the header etag is not described'],
    ['a header of another value', { headers: { ...answer.headers, pragma: 'x' } }, 'the header Pragma'],
  ])('finds %s', (_, change, flaw) => {
    const headers = Object.fromEntries(
      Object.entries({ ...answer, ...change }.headers).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    expect(answerFlaw('public', { ...answer, ...change, headers })).toContain(flaw);
  });
});
