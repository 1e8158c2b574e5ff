import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { type AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { Random } from '../support/random.js';
import type { OpenApiDocument } from './document.js';
import { InputMaker } from './generated-inputs.js';

/** How many inputs are made for each operation. */
const inputs = 150;

const documents = { admin: documentNamed('admin'), public: documentNamed('public') };

let app: TestApp;
let admin: AdminTestApp;
let token: string;

beforeAll(async () => {
  const scopes = ['admin:read', 'admin'];
  const clients = [
    client({ client_id: 'read', scopes, default_scopes: ['admin'], administer: 'read' }),
    client({ scopes: ['read', 'a', 'alpha'], default_scopes: ['read'] }),
  ];
  app = await TestApp.start({
    configuration: configuration({ '/': { clients, users: [{ username: 'demo', password: 'demo' }] } }),
    hasher: new FastHasher(),
  });
  admin = await app.admin();
  token = await admin.token();
});
afterAll(() => app.stop());

function documentNamed(name: string): OpenApiDocument {
  const file = new URL(`../../docs/openapi/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument;
}

/** Makes inputs of a schema in a document, and judges them by it. */
function judge(document: OpenApiDocument, schema: object): { maker: InputMaker; fits: ValidateFunction } {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  const components = document.components as Record<string, Record<string, object>>;
  const resolve = (reference: string) => components.schemas[reference.replace('#/components/schemas/', '')];
  return { maker: new InputMaker(new Random(7), resolve), fits: ajv.compile({ ...schema, components }) };
}

/** A number of the query as JSON has it, if it is written as one. */
function asJson(value: unknown): unknown {
  return typeof value === 'string' && /^(?:0|-?[1-9]\d*)$/.test(value) ? Number(value) : value;
}

const lists = Object.entries(documents.admin.paths).flatMap(([path, { get }]) => {
  const parameters = (get?.parameters ?? []).filter(({ in: place }) => place === 'query');
  return parameters.length > 0 && !path.includes('{') ? [[path, parameters] as const] : [];
});

describe('the query of a route', () => {
  it.each(lists)('%s is read as the document says', async (path, parameters) => {
    // Which cursors there are is no matter of form.
    const known = parameters.filter(({ name }) => name !== 'cursor');
    const properties = Object.fromEntries(known.map(({ name, schema }) => [name, schema]));
    const required = known.filter((parameter) => parameter.required).map(({ name }) => name);
    const schema = { type: 'object', properties, required, additionalProperties: false };
    const { maker, fits } = judge(documents.admin, schema);
    const integers = new Set(
      known.filter(({ schema: { type } }) => type === 'integer').map(({ name }) => name),
    );
    const verdicts = new Set<boolean>();
    for (let made = 0; made < inputs; made++) {
      const members = maker.members(schema, false) as Record<string, string>;
      const { status } = await admin.get(token, `${path}?${new URLSearchParams(members).toString()}`);
      const judged = Object.entries(members).map(([name, value]) => [
        name,
        integers.has(name) ? asJson(value) : value,
      ]);
      const expected = fits(Object.fromEntries(judged));
      expect([members, status]).toEqual([members, expected ? 200 : 400]);
      verdicts.add(expected);
    }
    expect(verdicts.size).toBe(2);
  });
});

const bodies = Object.entries(documents.admin.paths).flatMap(([path, { post }]) => {
  const schema = post?.requestBody?.content['application/json']?.schema;
  return schema && path === '/admin/v1/tokens/explain' ? [[path, schema] as const] : [];
});

describe('the body of a route', () => {
  it.each(bodies)('%s is read as the document says', async (path, schema) => {
    const { maker, fits } = judge(documents.admin, schema);
    const verdicts = new Set<boolean>();
    for (let made = 0; made < inputs; made++) {
      const body = maker.members(schema, true);
      const { status } = await admin.post(token, path, body);
      const expected = fits(body);
      expect([body, status]).toEqual([body, expected ? 200 : 400]);
      verdicts.add(expected);
    }
    expect(verdicts.size).toBe(2);
  });
});

/** Whether an answer says that the request has not the form of the protocol. */
function isMalformed({ status, body }: Answer): boolean {
  if (status === 200) return false;
  const { error, error_description: description } = JSON.parse(body) as Record<string, string>;
  return (
    ['invalid_request', 'unsupported_grant_type'].includes(error) || description === 'The scope is malformed.'
  );
}

describe('the form of the token endpoint', () => {
  it('is read as the document says', async () => {
    const { requestBody } = documents.public.paths['/oauth2/access_token'].post;
    const { schema } = requestBody?.content['application/x-www-form-urlencoded'] ?? {};
    if (!schema) throw new Error('the document has no form');
    const { maker, fits } = judge(documents.public, schema);
    const authorization = `Basic ${Buffer.from('app:app-secret').toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const verdicts = new Set<boolean>();
    for (let made = 0; made < 2 * inputs; made++) {
      // How a client proves who it is would make another request of it.
      const { client_id, client_secret, ...form } = maker.members(schema, false) as Record<string, string>;
      void [client_id, client_secret];
      const body = new URLSearchParams(form).toString();
      const answer = await ask(app, { path: '/oauth2/access_token', headers, body });
      const expected = fits(form);
      if (expected) expect([form, isMalformed(answer)]).toEqual([form, false]);
      // A grant may find something else wrong first.
      else expect([form, answer.status]).toEqual([form, 400]);
      verdicts.add(expected);
    }
    expect(verdicts.size).toBe(2);
  });
});
