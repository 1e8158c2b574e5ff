import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { objectOf, realmPath, text } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';

const caller = objectOf(
  { realm: realmPath, client_id: text() },
  {},
  {
    title: 'Caller',
    description: 'The client of an admin token. It sees its realm and the realms below it.',
  },
);

export const showCaller: Operation = {
  tag: 'Login',
  summary: 'Say whose the token is',
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The caller.', caller, { realm: '/alpha', client_id: 'symbolon-admin' }),
    ...guarded,
  },
};
