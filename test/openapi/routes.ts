import type { INestApplication } from '@nestjs/common';

/** Express' router, as far as its routes are concerned. */
interface Router {
  readonly router: { readonly stack: readonly { readonly route?: { readonly path: string } }[] };
}

/** The paths that an application's router has, in OpenAPI's form, each once. */
export function routesOf(app: INestApplication): string[] {
  const { router } = app.getHttpAdapter().getInstance() as Router;
  const paths = router.stack.flatMap(({ route }) => (route ? [route.path] : []));
  return [...new Set(paths)].map((path) => path.replaceAll(/:(\w+)/g, '{$1}'));
}
