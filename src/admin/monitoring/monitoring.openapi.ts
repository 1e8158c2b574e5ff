import { trafficDimensions } from '../../domain/traffic.js';
import { jsonAnswer, type Operation, type Parameter, queryParameter } from '../../openapi/operation.js';
import { arrayOf, count, objectOf, oneOf, type Schema, text, time } from '../../openapi/schema.js';
import { filterText, realmParameter } from '../list.openapi.js';
import { guarded } from '../problem.openapi.js';
import { maxGroups, windows } from './monitoring.request.js';

const dimension = `(?:${trafficDimensions.join('|')})`;

/** A list of dimensions, each at most once. */
const byPattern = `^(?!.*\\b(${dimension})\\b.*\\b\\1\\b)${dimension}(?:,${dimension})*$`;

const parameters: readonly Parameter[] = [
  queryParameter('window', { ...oneOf(windows, 'How far to look back.'), default: '10m' }),
  queryParameter(
    'by',
    {
      description: `What messages are summed by: some of ${trafficDimensions.join(', ')}, separated by commas.`,
      type: 'string',
      pattern: byPattern,
      default: 'service',
    },
    'service,method',
  ),
  queryParameter('service', filterText('Only messages of this route’s template.'), '/oauth2/tokeninfo'),
  queryParameter('method', filterText('Only messages that asked in this way.'), 'GET header'),
  queryParameter('client', filterText('Only messages of this client; an empty one: of nobody.'), 'billing'),
  realmParameter,
];

function milliseconds(what: string): Schema {
  return { type: ['number', 'null'], minimum: 0, description: `${what}, in milliseconds.` };
}

const counts = {
  messages: count('Answers, and those that could not be sent.'),
  successes: count('Answers with a status below 400.'),
  failures: count('Answers with a status from 400 to 499.'),
  exceptions: count('Answers with a status from 500, and those that could not be sent.'),
  time_min: milliseconds('Shortest processing time; null without a message'),
  time_avg: milliseconds('Average processing time; null without a message'),
  time_max: milliseconds('Longest processing time; null without a message'),
};

/** What a group has in common: the members that `by` names. */
const names = {
  service: text('Template of the route, or the name of the composite context.'),
  method: text('A grant type, how a token was presented, or HTTP’s method.'),
  client: text('What identifies the client; empty for nobody, `*` beyond the limit of rows.'),
  realm: text('Path of the realm; empty for none, `*` beyond the limit of rows.'),
};

const window = {
  window: oneOf(windows),
  from: time(),
  to: time(),
  resolution: count('How long a period is, in milliseconds.'),
};

const totals = objectOf(
  { ...window, items: arrayOf(objectOf(counts, names)), total: objectOf(counts) },
  {},
  { title: 'TrafficTotals' },
);

const series = objectOf(
  {
    ...window,
    items: arrayOf(objectOf({ points: arrayOf(objectOf({ at: time(), ...counts })) }, names)),
  },
  {},
  { title: 'TrafficSeries' },
);

const countsExample = {
  messages: 1204,
  successes: 1190,
  failures: 14,
  exceptions: 0,
  time_min: 0.12,
  time_avg: 0.391,
  time_max: 9.204,
};

const windowExample = {
  window: '1h',
  from: '2026-01-01T11:00:00.000Z',
  to: '2026-01-01T12:00:00.000Z',
  resolution: 60_000,
};

const groupExample = { service: '/oauth2/tokeninfo', method: 'GET header' };

export const showTotals: Operation = {
  tag: 'Monitoring',
  summary: 'Count messages',
  description: `The ${maxGroups} busiest groups, and the sum of all messages, shown or not.`,
  parameters,
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The groups.', totals, {
      ...windowExample,
      items: [{ ...groupExample, ...countsExample }],
      total: countsExample,
    }),
    ...guarded,
  },
};

export const showSeries: Operation = {
  tag: 'Monitoring',
  summary: 'Count messages in the course of time',
  description: `The ${maxGroups} busiest groups, with a point for each period in which there was a message.`,
  parameters,
  security: ['adminToken'],
  answers: {
    200: jsonAnswer('The groups.', series, {
      ...windowExample,
      items: [{ ...groupExample, points: [{ at: '2026-01-01T11:59:00.000Z', ...countsExample }] }],
    }),
    ...guarded,
  },
};
