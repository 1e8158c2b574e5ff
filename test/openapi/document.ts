import type { INestApplication } from '@nestjs/common';
import { readVersion } from '../../src/config/version.js';
import type { ListenerDescription } from '../../src/openapi/listener.js';
import type { Operation, Parameter } from '../../src/openapi/operation.js';
import { Components } from './components.js';
import { handlersOf } from './handlers.js';
import { inRealm, realmForms } from './realm-forms.js';

/** An OpenAPI document, as far as tests look into it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, WrittenOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface WrittenOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, WrittenMediaType>> };
  readonly responses: Readonly<Record<string, object>>;
}

export interface WrittenMediaType {
  readonly schema: object;
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}

/** The document of a listener: what its code says, at the paths where its application routes it. */
export function documentOf(app: INestApplication, listener: ListenerDescription): OpenApiDocument {
  const components = new Components(listener.headers);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { path: routed, method, operation } of handlersOf(app)) {
    if (!operation) continue;
    for (const path of realmForms(routed)) {
      const placed = path === routed ? operation : inRealm(operation);
      paths[path] = { ...paths[path], [method]: operationAt(path, method, placed, listener, components) };
    }
  }
  const { title, description, tags, securitySchemes, everywhere, elsewhere } = listener;
  const document = {
    openapi: '3.1.0',
    info: {
      title,
      version: readVersion(),
      description,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
    paths: Object.fromEntries(Object.entries(paths).sort(([one], [other]) => (one < other ? -1 : 1))),
    // The answers to requests that no operation describes: of another path or method, or no request at all.
    'x-other-requests': writtenAnswers({ ...everywhere, ...elsewhere }, components),
    components: { ...components.all(), securitySchemes },
  };
  // What is undefined is left out.
  return JSON.parse(JSON.stringify(document)) as OpenApiDocument;
}

function operationAt(
  path: string,
  method: string,
  operation: Operation,
  { everywhere }: ListenerDescription,
  components: Components,
): object {
  const { tag, summary, description, parameters = [], body, security, answers } = operation;
  return {
    operationId: operationId(path, method),
    tags: [tag],
    summary,
    description,
    parameters: parameters.map(({ schema, ...rest }) => ({ ...rest, schema: components.schema(schema) })),
    requestBody: body && { ...body, content: components.content(body.content) },
    security: security?.map((scheme) => (scheme === 'anybody' ? {} : { [scheme]: [] })) ?? [],
    responses: writtenAnswers({ ...everywhere, ...answers }, components),
  };
}

function writtenAnswers(answers: Operation['answers'], components: Components): Record<string, object> {
  const entries = Object.entries(answers);
  return Object.fromEntries(entries.map(([status, answer]) => [status, components.response(answer)]));
}

/** `getAdminV1Refusals`, `postOauth2AccessToken`. */
function operationId(path: string, method: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method + words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}
