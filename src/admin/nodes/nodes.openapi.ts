import { jsonAnswer, type Operation } from '../../openapi/operation.js';
import { arrayOf, count, flag, objectOf, text, time, uuid } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';

/** What `nodeView` writes. */
const node = objectOf(
  {
    id: uuid('Made at its start.'),
    host: text(),
    pid: count(),
    version: text('Version of the program.'),
    started: time(),
    seen: time('When it last reported.'),
    hears: flag('Whether it receives the changes of the other nodes.'),
    cache_hits: count(),
    cache_misses: count(),
    rss: count('Resident memory in bytes.'),
    cpu: count('Processor time since its start, in milliseconds.'),
  },
  {},
  { title: 'Node', description: 'A process that serves.' },
);

const example = {
  id: '9a4b0f8e-0a35-4d0e-8a35-8f3f8c1f5d11',
  host: 'b7',
  pid: 12,
  version: '0.7.0',
  started: '2026-01-01T09:00:00.000Z',
  seen: '2026-01-01T12:00:00.000Z',
  hears: true,
  cache_hits: 120_400,
  cache_misses: 310,
  rss: 143_654_912,
  cpu: 61_230,
};

export const listNodes: Operation = {
  tag: 'Nodes',
  summary: 'List the nodes that share the database',
  description:
    'Each worker is a node. They belong to no realm: tokens of the root realm alone see them. A node that has not ' +
    'reported for an hour is left out.',
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The nodes, at most 1,000.', objectOf({ items: arrayOf(node) }), { items: [example] }),
    ...guarded,
  },
};
