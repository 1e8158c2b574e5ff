import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { Schema } from './schema.js';

/** What the OpenAPI document of a listener says about one method of a route. */
export interface Operation {
  /** The group that it is listed in. */
  readonly tag: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** CommonMark. */
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  /** Every answer by its status, but for those that any request of the listener may get. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Names of security schemes, of which one is enough; left out where everybody may ask. */
  readonly security?: readonly SecurityScheme[];
}

/** The ways in which callers of both listeners prove who they are. */
export type SecurityScheme = 'adminToken' | 'clientBasic' | 'accessToken' | 'accessTokenInQuery' | 'anybody';

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string | number;
}

/** Content by its media type. */
export type Content = Readonly<Record<string, MediaType>>;

export interface MediaType {
  readonly schema: Schema;
  /** Examples by a name; each is checked against the schema. */
  readonly examples: Readonly<Record<string, unknown>>;
}

export interface Body {
  readonly description?: string;
  readonly required: boolean;
  readonly content: Content;
}

export interface AnswerDescription {
  /** An answer with a name stands in the document once, among its components. */
  readonly name?: string;
  readonly description: string;
  /** Headers besides those of every answer. */
  readonly headers?: Readonly<Record<string, HeaderDescription>>;
  /** Left out for an answer without a body. */
  readonly content?: Content;
}

export interface HeaderDescription {
  readonly description: string;
  /** Whether every such answer has it. */
  readonly required: boolean;
  readonly schema: Schema;
}

/** Methods that a document has operations for; HEAD is answered wherever GET is. */
export type DocumentedMethod = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** The operations of a handler that answers several methods. */
export type OperationsByMethod = Readonly<Partial<Record<DocumentedMethod, Operation>>>;

/** The metadata that `Documented` writes. */
export const documentedKey = 'symbolon:documented';

/** Says what the OpenAPI document has about a handler: its operation, or that of each method that it answers. */
export function Documented(operation: Operation | OperationsByMethod): CustomDecorator {
  return SetMetadata(documentedKey, operation);
}

/** A parameter of the query that may be left out. */
export function queryParameter(name: string, schema: Schema, example?: string | number): Parameter {
  const { description = '', ...rest } = schema;
  return { name, in: 'query', description, schema: rest, example };
}

/** A parameter of the path. */
export function pathParameter(name: string, schema: Schema, example?: string): Parameter {
  const { description = '', ...rest } = schema;
  return { name, in: 'path', required: true, description, schema: rest, example };
}

/** A header that every such answer has. */
export function headerOf(schema: Schema): HeaderDescription {
  const { description = '', ...rest } = schema;
  return { description, required: true, schema: rest };
}

/** The same headers, of answers that may lack them. */
export function optionalHeaders(headers: AnswerDescription['headers'] = {}): AnswerDescription['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [name, { ...header, required: false }]),
  );
}

/** An answer with JSON. */
export function jsonAnswer(description: string, schema: Schema, example: unknown): AnswerDescription {
  return { description, content: { 'application/json': { schema, examples: { example } } } };
}
