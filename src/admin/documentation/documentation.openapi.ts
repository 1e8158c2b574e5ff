import { headerOf, jsonAnswer, type Operation, pathParameter } from '../../openapi/operation.js';
import { oneOf, text } from '../../openapi/schema.js';
import { problems } from '../problem.openapi.js';
import { documentNames, swaggerFiles } from './documentation-files.js';
import { documentationPolicy } from './documentation-page.js';

const scripts = 'text/javascript; charset=utf-8';
const sheets = 'text/css; charset=utf-8';

export const showDocumentation: Operation = {
  tag: 'Documentation',
  summary: 'Show the documents of both listeners as a page',
  answers: {
    200: {
      description: 'A page for browsers: Swagger UI.',
      headers: { 'Content-Security-Policy': headerOf(text(undefined, { const: documentationPolicy })) },
      content: {
        'text/html; charset=utf-8': {
          schema: text(undefined, { pattern: '^<!doctype html>' }),
          examples: { example: '<!doctype html>\n<html lang="en">…</html>' },
        },
      },
    },
  },
};

export const showDocumentationFile: Operation = {
  tag: 'Documentation',
  summary: 'Get a file of the page',
  parameters: [pathParameter('name', oneOf([...Object.keys(swaggerFiles), 'start.js']), 'start.js')],
  answers: {
    200: {
      description: 'The file.',
      content: {
        [scripts]: { schema: text(), examples: { example: 'SwaggerUIBundle({});\n' } },
        [sheets]: { schema: text(), examples: { example: '.swagger-ui { color: #3b4151 }' } },
      },
    },
    ...problems('not-found'),
  },
};

export const showDocument: Operation = {
  tag: 'Documentation',
  summary: 'Get the OpenAPI document of a listener',
  parameters: [pathParameter('name', oneOf(documentNames), 'admin.json')],
  answers: {
    200: jsonAnswer(
      'An OpenAPI 3.1 document.',
      { type: 'object', properties: { openapi: text(undefined, { const: '3.1.0' }) }, required: ['openapi'] },
      { openapi: '3.1.0', info: { title: 'Symbolon', version: '0.7.0' }, paths: {} },
    ),
    ...problems('not-found'),
  },
};
