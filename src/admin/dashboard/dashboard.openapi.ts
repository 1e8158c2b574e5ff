import { headerOf, type Operation, pathParameter } from '../../openapi/operation.js';
import { text } from '../../openapi/schema.js';
import { problems } from '../problem.openapi.js';
import { dashboardPolicy, immutable } from './dashboard-files.js';

export const showDashboard: Operation = {
  tag: 'Dashboard',
  summary: 'Show a page of the dashboard',
  answers: {
    200: {
      description: 'One file for all pages, whose program reads the path.',
      headers: { 'Content-Security-Policy': headerOf(text(undefined, { const: dashboardPolicy })) },
      content: {
        'text/html; charset=utf-8': {
          schema: text(undefined, { pattern: '^<!doctype html>' }),
          examples: { example: '<!doctype html>\n<html lang="en">…</html>' },
        },
      },
    },
  },
};

const assetTypes = ['text/javascript; charset=utf-8', 'text/css; charset=utf-8', 'image/svg+xml'];

export const showAsset: Operation = {
  tag: 'Dashboard',
  summary: 'Get a file of the dashboard',
  parameters: [pathParameter('name', text('Its name has the hash of its content.'), 'index-BcYG6tq3.js')],
  answers: {
    200: {
      description: 'The file.',
      headers: { 'Cache-Control': headerOf(text(undefined, { const: immutable })) },
      content: Object.fromEntries(
        assetTypes.map((type) => [type, { schema: text(), examples: { example: '…' } }]),
      ),
    },
    ...problems('not-found'),
  },
};
