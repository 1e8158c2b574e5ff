import { type Operation, pathParameter } from '../../src/openapi/operation.js';
import { text } from '../../src/openapi/schema.js';

const realm = pathParameter(
  'realm',
  text('Name of a realm below the root; for a realm below that one, `/realms/{name}` is repeated.', {
    pattern: '^[A-Za-z0-9._~-]{1,100}$',
  }),
  'alpha',
);

/** The paths that a route is reached by: an endpoint below `/oauth2` is there for the root realm and for each other. */
export function realmForms(path: string): string[] {
  const [, endpoint] = /^\/oauth2(\/.*)$/.exec(path) ?? [];
  return endpoint === undefined ? [path] : [path, `/oauth2/realms/root/realms/{realm}${endpoint}`];
}

/** An operation whose realm stands in the path, which beats the parameter of the query. */
export function inRealm(operation: Operation): Operation {
  const { parameters = [], summary, answers } = operation;
  const others = parameters.filter(({ name, in: place }) => place !== 'query' || name !== 'realm');
  return { ...operation, summary: `${summary}, in a realm`, parameters: [realm, ...others], answers };
}
