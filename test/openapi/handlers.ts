import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ApiIncludeEndpoint, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { documentedKey, type Operation, type OperationsByMethod } from '../../src/openapi/operation.js';

/** A method of a route, and what the code says about it. */
export interface Handler {
  /** OpenAPI's form of the path, `/admin/v1/refusals/{id}`. */
  readonly path: string;
  /** HTTP's method in lower case. */
  readonly method: string;
  readonly operation: Operation;
}

/** Everything that an application routes to a handler that is documented. */
export function handlersOf(app: INestApplication): Handler[] {
  const documented = documentedHandlers(app);
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
  const { paths } = SwaggerModule.createDocument(app, config, {
    operationIdFactory: handlerKey,
    onlyIncludeDecoratedEndpoints: true,
  });
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { operationId: string }>).flatMap(([method, { operationId }]) => {
      const operation = operationOf(documented, operationId, method);
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

type Documented = Map<string, Operation | OperationsByMethod>;

/** What the code says about each handler, by controller and name. Nest's own scan is told to look at these alone. */
function documentedHandlers(app: INestApplication): Documented {
  const documented: Documented = new Map();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      for (const [name, descriptor] of methodsOf(metatype.prototype as object)) {
        const said = Reflect.getMetadata(documentedKey, descriptor.value as object) as Operation | undefined;
        if (!said) continue;
        documented.set(handlerKey(metatype.name, name), said);
        ApiIncludeEndpoint()(metatype.prototype as object, name, descriptor);
      }
    }
  }
  return documented;
}

/** Methods of a class and of those that it extends. */
function methodsOf(prototype: object): [name: string, descriptor: PropertyDescriptor][] {
  if (prototype === Object.prototype) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const methods = own.filter(([, { value }]) => typeof value === 'function');
  return [...methodsOf(Object.getPrototypeOf(prototype) as object), ...methods];
}

/** One of several paths of a handler is `name[1]`. */
function handlerKey(controller: string, name: string): string {
  return `${controller}.${name.replace(/\[\d+\]$/, '')}`;
}

function operationOf(documented: Documented, key: string, method: string): Operation | undefined {
  const said = documented.get(key) ?? documented.get(key.replace(/_[a-z]+$/, ''));
  if (said === undefined || 'summary' in said) return said;
  return (said as Readonly<Record<string, Operation | undefined>>)[method];
}
