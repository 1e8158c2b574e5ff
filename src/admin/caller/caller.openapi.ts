import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { objectOf, oneOf, realmPath, text } from '../../openapi/schema.js';
import { accesses } from '../admin-authenticator.js';
import { guarded } from '../problem.openapi.js';

const caller = objectOf(
  { realm: realmPath, client_id: text(), access: oneOf(accesses, 'The most that it may do.') },
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
    200: jsonAnswer('The caller.', caller, {
      realm: '/alpha',
      client_id: 'symbolon-admin',
      access: 'write',
    }),
    ...guarded,
  },
};
