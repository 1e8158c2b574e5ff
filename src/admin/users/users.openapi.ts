import type { Operation } from '../../openapi/operation.js';
import { mapOf, text } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';
import {
  bodyOf,
  bodyProblems,
  changeProblems,
  ifMatch,
  named,
  shown,
} from '../subjects/subject-operations.openapi.js';

export const setPassword: Operation = {
  tag: 'Users',
  summary: 'Give a user another password',
  description: 'The user’s tokens end. The password that is stored already changes nothing.',
  parameters: [...named('user'), ifMatch(false)],
  body: bodyOf(
    ['application/json'],
    {
      ...mapOf(text(), 'Either `password` or `password_hash`.'),
      title: 'Credential',
      oneOf: [{ required: ['password'] }, { required: ['password_hash'] }],
    },
    { password: 'correct horse' },
  ),
  security: ['adminToken'],
  answers: { 200: shown('user', 'The user.'), ...guarded, ...bodyProblems, ...changeProblems },
};
