import { checkStatuses } from '../../domain/doctor/check.js';
import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { arrayOf, count, objectOf, oneOf, text, time } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';

/** What `examinationMembers` writes. */
const examination = objectOf(
  {
    status: oneOf(checkStatuses, 'The worst of all findings.'),
    at: time('When the examination ended.'),
    age: count('How long ago that was, in milliseconds: an examination is answered again for 30 s.'),
    checks: arrayOf(
      objectOf(
        {
          name: text('In kebab case.'),
          status: oneOf(checkStatuses, 'All is well, somebody should look at it, or it must be mended.'),
          found: text('A sentence with the numbers.'),
        },
        { advice: text('What to do about it; left out where there is nothing to do.') },
        { title: 'Finding', description: 'What a check has found.' },
      ),
    ),
  },
  {},
  { title: 'Examination', description: 'What all checks have found.' },
);

const example = {
  status: 'warn',
  at: '2026-01-01T12:00:00.000Z',
  age: 0,
  checks: [
    { name: 'postgresql', status: 'ok', found: 'PostgreSQL 17.5' },
    {
      name: 'token-keys',
      status: 'warn',
      found: '2 of at most 64 keys; the one that signs is 91 d old',
      advice: 'renew it: symbolon keys rotate',
    },
  ],
};

export const examineServer: Operation = {
  tag: 'Doctor',
  summary: 'Find out what is wrong with the server and its stores',
  description:
    'The checks of `symbolon doctor`, one after the other: an answer may take a minute on a large or busy database. One ' +
    'examination runs at a time in a process; others who ask meanwhile, and for 30 s after, get the same one. For tokens ' +
    'of the root realm alone.',
  security: ['adminToken'],
  answers: { 200: jsonAnswer('What was found.', examination, example), ...guarded },
};
