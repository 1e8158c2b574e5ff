import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { arrayOf, flag, objectOf, oneOf, text } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';

/** What `settingMembers` writes. */
const setting = objectOf(
  {
    name: text('Name of the environment variable.'),
    set: flag('Whether the value is not the default.'),
    from: oneOf(['environment', 'file', 'default'], 'Where the value comes from.'),
    secret: flag('Whether the value is a secret.'),
    meaning: text('In Markdown.'),
  },
  {
    value: text('The value in use. Left out for a secret; of the URL of a database only where it leads.'),
    default: text(),
    unit: text('What the number counts.'),
  },
  { title: 'Setting', description: 'A setting of the process that answers.' },
);

const example = {
  name: 'KEEP_ALIVE_TIMEOUT',
  value: '70',
  default: '65',
  set: true,
  from: 'environment',
  secret: false,
  unit: 'seconds',
  meaning: 'Seconds that both listeners keep a connection on which no request is under way.',
};

export const listSettings: Operation = {
  tag: 'Settings',
  summary: 'List the settings of the process that answers',
  description: 'They belong to no realm: tokens of the root realm alone see them. No secret is shown.',
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('Every setting.', objectOf({ items: arrayOf(setting) }), { items: [example] }),
    ...guarded,
  },
};
