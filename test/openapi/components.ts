import type { AnswerDescription, HeaderDescription } from '../../src/openapi/operation.js';
import type { Schema } from '../../src/openapi/schema.js';

type Json = Readonly<Record<string, unknown>>;

/** Collects what stands in a document once, and is referred to. */
export class Components {
  private readonly schemas = new Map<string, { readonly source: Schema; readonly written: Json }>();
  private readonly responses = new Map<string, Json>();

  /** @param headers those of every answer */
  constructor(private readonly headers: Readonly<Record<string, HeaderDescription>>) {}

  /** A schema, or the reference to one with a title. */
  schema(source: Schema): Json {
    const { title } = source;
    if (title === undefined) return this.written(source);
    const known = this.schemas.get(title);
    if (known && known.source !== source) throw new Error(`two schemas are called ${title}`);
    if (!known) this.schemas.set(title, { source, written: this.written(source) });
    return { $ref: `#/components/schemas/${title}` };
  }

  /** An answer, or the reference to one with a name. */
  response(source: AnswerDescription): Json {
    const { name } = source;
    const written = this.writtenResponse(source);
    if (name === undefined) return written;
    const known = this.responses.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(written)) {
      throw new Error(`two answers are called ${name}`);
    }
    this.responses.set(name, written);
    return { $ref: `#/components/responses/${name}` };
  }

  /** The content of a request or of an answer. */
  content(source: NonNullable<AnswerDescription['content']>): Json {
    return mapValues(source, ({ schema, examples }) => ({
      schema: this.schema(schema),
      examples: mapValues(examples, (value) => ({ value })),
    }));
  }

  /** All components, sorted by their names. */
  all(): Json {
    const schemas = Object.fromEntries(
      [...this.schemas].sort().map(([name, { written }]) => [name, written]),
    );
    return {
      schemas,
      headers: mapValues(this.headers, (header) => this.header(header)),
      responses: Object.fromEntries([...this.responses].sort()),
    };
  }

  private writtenResponse({ description, headers = {}, content }: AnswerDescription): Json {
    const common = Object.keys(this.headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]);
    return {
      description,
      headers: {
        ...(Object.fromEntries(common) as Json),
        ...mapValues(headers, (header) => this.header(header)),
      },
      content: content && this.content(content),
    };
  }

  private header({ schema, ...rest }: HeaderDescription): Json {
    return { ...rest, schema: this.schema(schema) };
  }

  /** A schema, with references in the place of its parts that have titles. */
  private written({ items, properties, additionalProperties, oneOf, ...rest }: Schema): Json {
    const isSchema = typeof additionalProperties === 'object';
    return {
      ...rest,
      items: items && this.schema(items),
      properties: properties && mapValues(properties, (part) => this.schema(part)),
      additionalProperties: isSchema ? this.schema(additionalProperties) : additionalProperties,
      oneOf: oneOf?.map((part) => this.schema(part)),
    };
  }
}

function mapValues<Value>(source: Readonly<Record<string, Value>>, map: (value: Value) => unknown): Json {
  return Object.fromEntries(Object.entries(source).map(([name, value]) => [name, map(value)]));
}
