import { realmPathPattern } from '../domain/realm.js';

type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/**
 * A JSON Schema (draft 2020-12), as far as the documents need one. A schema with a `title` stands in the document once,
 * among its components, under that name.
 */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly format?: 'date-time' | 'uuid' | 'uri' | 'password';
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number | boolean;
  readonly default?: string | number | boolean;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly oneOf?: readonly Schema[];
}

type Members = Readonly<Record<string, Schema>>;

/**
 * An object that has the required members, may have the optional ones, and has no others.
 * @param more its title and description
 */
export function objectOf(required: Members, optional: Members = {}, more: Schema = {}): Schema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
    ...more,
  };
}

export function arrayOf(items: Schema, description?: string): Schema {
  return { type: 'array', items, description };
}

/** A text, by default any. */
export function text(description?: string, more: Schema = {}): Schema {
  return { type: 'string', description, ...more };
}

/** One of these texts. */
export function oneOf(values: readonly string[], description?: string): Schema {
  return { type: 'string', enum: values, description };
}

/** A whole number from 0 on. */
export function count(description?: string, more: Schema = {}): Schema {
  return { type: 'integer', minimum: 0, description, ...more };
}

export function flag(description?: string): Schema {
  return { type: 'boolean', description };
}

/** An object with members of any name. */
export function mapOf(values: Schema | true, description?: string): Schema {
  return { type: 'object', additionalProperties: values, description };
}

/** A time as answers show it: ISO 8601 in UTC, with milliseconds. */
export function time(description?: string): Schema {
  return { type: 'string', format: 'date-time', pattern: 'Z$', description };
}

export function uuid(description?: string): Schema {
  return { type: 'string', format: 'uuid', description };
}

/** Path of a realm. */
export const realmPath = text('Path of a realm: `/`, `/alpha`, `/alpha/beta`.', {
  pattern: realmPathPattern,
});

/** SHA-256 of a token in base64url. */
export const tokenId = text('SHA-256 of a token in base64url, without padding.', {
  pattern: '^[A-Za-z0-9_-]{43}$',
});
