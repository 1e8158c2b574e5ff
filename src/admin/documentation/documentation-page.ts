import { ownFilesPolicy } from '../file-reply.js';

/** The page of Swagger UI. It stands at `/docs`, so its files are one step down. */
export const documentationPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Symbolon: API documentation</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/swagger-ui-standalone-preset.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** Starts Swagger UI. Without a validator's address it would send the documents to one on the internet. */
export const startScript = `SwaggerUIBundle({
  urls: [
    { name: 'The operator’s listener', url: 'openapi/admin.json' },
    { name: 'The public listener', url: 'openapi/public.json' },
  ],
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  validatorUrl: null,
});
`;

/** Swagger UI styles inline, and has its icons in `data:` URLs. */
export const documentationPolicy = ownFilesPolicy({ styles: "'unsafe-inline'", images: 'data:' });
