import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { flag, objectOf, time } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';

const importedTokens = objectOf(
  { active: flag('Whether a token of another form than this server’s may be active.') },
  { until: time('When the last imported token expires or has expired; left out where there never was one.') },
  { title: 'ImportedTokens' },
);

export const showImportedTokens: Operation = {
  tag: 'Tokens',
  summary: 'Say until when an imported token may live',
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The end of the last one.', importedTokens, {
      active: true,
      until: '2026-03-01T00:00:00.000Z',
    }),
    ...guarded,
  },
};
