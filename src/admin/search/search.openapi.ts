import { jsonAnswer, type Operation, queryParameter } from '../../openapi/operation.js';
import { arrayOf, flag, objectOf, oneOf, realmPath, text } from '../../openapi/schema.js';
import { filterText } from '../list.openapi.js';
import { guarded } from '../problem.openapi.js';

const found = objectOf(
  { kind: oneOf(['realm', 'client', 'user']), realm: realmPath, enabled: flag() },
  {
    name: text('The client’s identifier, or the user’s name.'),
    title: text('The client’s display name.'),
  },
  { title: 'FoundSubject' },
);

const example = { kind: 'client', realm: '/alpha', name: 'billing', title: 'Billing', enabled: true };

export const searchSubjects: Operation = {
  tag: 'Search',
  summary: 'Find realms, clients and users by the beginnings of their names',
  description:
    'In all realms of the caller, case-sensitive: realms by their paths or last names, clients by their identifiers or ' +
    'display names, users by their names. Up to 20 of each kind.',
  parameters: [
    {
      ...queryParameter('q', { ...filterText('What a name begins with.'), minLength: 1 }, 'bil'),
      required: true,
    },
  ],
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('What was found.', objectOf({ items: arrayOf(found) }), { items: [example] }),
    ...guarded,
  },
};
