import { All, Controller, Get, Param, Res } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { fileReply } from '../file-reply.js';
import { notFound } from '../problem.js';
import { documentNames, DocumentationFiles, swaggerFiles } from './documentation-files.js';
import { documentationPage, documentationPolicy, startScript } from './documentation-page.js';
import { showDocument, showDocumentation, showDocumentationFile } from './documentation.openapi.js';

/** The OpenAPI documents of both listeners, and Swagger UI for them. They hold no data, so they ask for no token. */
@Controller()
export class DocumentationController {
  constructor(private readonly files: DocumentationFiles) {}

  @Documented(showDocumentation)
  @Get('docs')
  page(@Res() response: ObservedResponse): void {
    const headers = { 'Content-Security-Policy': documentationPolicy };
    send(response, fileReply('text/html; charset=utf-8', documentationPage, headers));
  }

  @Documented(showDocumentationFile)
  @Get('docs/:name')
  async file(@Param('name') asked: string, @Res() response: ObservedResponse): Promise<void> {
    if (asked === 'start.js') return send(response, fileReply('text/javascript; charset=utf-8', startScript));
    const name = (Object.keys(swaggerFiles) as (keyof typeof swaggerFiles)[]).find(
      (known) => known === asked,
    );
    if (name === undefined) throw notFound();
    send(response, fileReply(swaggerFiles[name], await this.files.read(name)));
  }

  @Documented(showDocument)
  @Get('openapi/:name')
  async document(@Param('name') asked: string, @Res() response: ObservedResponse): Promise<void> {
    const name = documentNames.find((known) => known === asked);
    if (name === undefined) throw notFound();
    send(response, fileReply('application/json', await this.files.read(name)));
  }

  @All(['docs', 'docs/:name', 'openapi/:name'])
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
