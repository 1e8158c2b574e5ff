import { readFile } from 'node:fs/promises';

/** The files of Swagger UI that the page names, and their content types. */
export const swaggerFiles = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
} as const;

/** The OpenAPI documents, one for each listener. */
export const documentNames = ['admin.json', 'public.json'] as const;

export type SwaggerFile = keyof typeof swaggerFiles;
export type DocumentName = (typeof documentNames)[number];

/** What `npm run build` has gathered for the page. It is read when it is asked for, which is seldom. */
export class DocumentationFiles {
  /** @param folder ends in a slash */
  constructor(private readonly folder: URL) {}

  /** @throws Error for a file that was not built */
  read(name: SwaggerFile | DocumentName): Promise<string> {
    return readFile(new URL(name, this.folder), 'utf8');
  }
}
