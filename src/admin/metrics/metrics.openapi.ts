import { MetricsPage } from '../../monitoring/metrics-page.js';
import { noStoreHeaders } from '../../http/response/oauth.openapi.js';
import type { Operation } from '../../openapi/operation.js';
import { text } from '../../openapi/schema.js';
import { guarded } from '../problem.openapi.js';

export const showMetrics: Operation = {
  tag: 'Monitoring',
  summary: 'Show the metrics',
  description:
    'Prometheus’ text format. It asks for an admin token of the root realm with `METRICS_AUTH=token`, else for none. ' +
    'docs/metrics.md lists the metrics.',
  security: ['anybody', 'adminToken'],
  answers: {
    200: {
      description: 'The metrics of all workers.',
      headers: noStoreHeaders,
      content: {
        [MetricsPage.contentType]: {
          schema: text(),
          examples: { example: '# TYPE symbolon_workers gauge\nsymbolon_workers{state="serving"} 1\n' },
        },
      },
    },
    ...guarded,
  },
};
