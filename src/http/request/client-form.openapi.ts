import type { Body, SecurityScheme } from '../../openapi/operation.js';
import { type Schema, text } from '../../openapi/schema.js';

/** A text that a form may hold: it has no NUL. */
export function formText(description?: string, more: Schema = {}): Schema {
  return text(description, { pattern: '^[^\\u0000]*$', ...more });
}

/** How clients prove who they are: by HTTP Basic, by members of the form, or not at all if they are public. */
export const clientSecurity: readonly SecurityScheme[] = ['clientBasic', 'anybody'];

/** Members of a form by which a client proves who it is, where it does not use HTTP Basic. */
export const clientMembers: Readonly<Record<string, Schema>> = {
  client_id: formText('The client’s identifier.'),
  client_secret: formText('The client’s secret.'),
};

/** A form (RFC 6749 appendix B). A parameter that an endpoint does not know is not read. */
export function formBody(schema: Schema, examples: Readonly<Record<string, object>>): Body {
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema, examples } } };
}
