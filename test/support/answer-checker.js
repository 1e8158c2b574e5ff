import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/**
 * @typedef {'admin' | 'public'} Listener
 *
 * @typedef {object} ObservedAnswer
 * @property {string} method
 * @property {string} [route] template of the route, as Express has it; undefined for none
 * @property {number} status
 * @property {Record<string, string>} headers by their names in lower case
 * @property {string} body
 *
 * @typedef {Record<string, any>} Json
 */

/** Headers that are about the connection or the message, and that no operation describes (RFC 9110 §8, RFC 9112). */
const ofEveryMessage = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/** Answers that stand before a route: those of its other methods are the same. */
const ofAnyMethod = new Set([401, 403, 404, 500, 503]);

/** Holds the answers of a listener against its OpenAPI document. */
export class AnswerChecker {
  /** @type {Map<string, import('ajv').ValidateFunction>} */
  #compiled = new Map();
  #ajv = new Ajv2020({ strict: false, allErrors: true });
  /** @type {Json} */
  #document;

  /** @param {Listener} listener */
  constructor(listener) {
    const file = new URL(`../../docs/openapi/${listener}.json`, import.meta.url);
    this.#document = /** @type {Json} */ (JSON.parse(readFileSync(file, 'utf8')));
    formats.default(this.#ajv);
    this.#ajv.addSchema(this.#document, 'document');
  }

  /**
   * What the document does not say about an answer.
   * @param {ObservedAnswer} answer
   * @returns {string | undefined} undefined for an answer that fits
   */
  flawOf({ method, route, status, headers, body }) {
    const at = `${method} ${route ?? '(no route)'} ${status}`;
    const pointer = this.#responseOf(method, route, status);
    if (pointer === undefined) return `${at}: there is no such answer`;
    const flaw = this.#headerFlaw(pointer, headers) ?? this.#bodyFlaw(pointer, method, headers, body);
    return flaw && `${at}: ${flaw}`;
  }

  /**
   * Where the document describes an answer.
   * @param {string} method
   * @param {string | undefined} route
   * @param {number} status
   * @returns {string[] | undefined}
   */
  #responseOf(method, route, status) {
    const path = route?.replace(/:(\w+)/g, '{$1}');
    const item = path === undefined ? undefined : this.#at(['paths', path]);
    if (path !== undefined && item === undefined) return undefined;
    const name = method === 'HEAD' ? 'get' : method.toLowerCase();
    /** @type {string[][]} */
    const places = [];
    if (item && path !== undefined) {
      const others = ofAnyMethod.has(status) ? Object.keys(item) : [];
      for (const known of item[name] ? [name] : others) places.push(['paths', path, known, 'responses']);
    }
    // Pages take no HEAD.
    if (!item?.[name] || method === 'HEAD') places.push(['x-other-requests']);
    const place = places.find((parent) => this.#at([...parent, String(status)]) !== undefined);
    return place && this.#resolved([...place, String(status)]);
  }

  /**
   * @param {string[]} pointer of the answer's description
   * @param {Record<string, string>} headers
   * @returns {string | undefined}
   */
  #headerFlaw(pointer, headers) {
    const described = /** @type {Json} */ (this.#at([...pointer, 'headers']) ?? {});
    const known = new Set(Object.keys(described).map((name) => name.toLowerCase()));
    const strange = Object.keys(headers).find((name) => !known.has(name) && !ofEveryMessage.has(name));
    if (strange !== undefined) return `the header ${strange} is not described`;
    for (const name of Object.keys(described)) {
      const place = this.#resolved([...pointer, 'headers', name]);
      const value = headers[name.toLowerCase()];
      if (value === undefined && this.#at(place)?.required) return `the header ${name} is missing`;
      const flaw = value === undefined ? undefined : this.#flaw([...place, 'schema'], value);
      if (flaw) return `the header ${name} ${flaw}`;
    }
    return undefined;
  }

  /**
   * @param {string[]} pointer of the answer's description
   * @param {string} method
   * @param {Record<string, string>} headers
   * @param {string} body
   * @returns {string | undefined}
   */
  #bodyFlaw(pointer, method, headers, body) {
    const content = /** @type {Json | undefined} */ (this.#at([...pointer, 'content']));
    const type = headers['content-type'];
    if (!content) return type === undefined && body === '' ? undefined : 'a body is not described';
    if (!content[type]) return `the content type ${type} is not described`;
    if (method === 'HEAD') return undefined;
    const value = /[/+]json$/.test(type) ? /** @type {unknown} */ (JSON.parse(body)) : body;
    const flaw = this.#flaw([...pointer, 'content', type, 'schema'], value);
    return flaw && `the body ${flaw}: ${body.slice(0, 300)}`;
  }

  /**
   * @param {string[]} pointer of a schema
   * @param {unknown} value
   * @returns {string | undefined}
   */
  #flaw(pointer, value) {
    const $ref = `document#/${pointer.map(escaped).join('/')}`;
    const validate = this.#compiled.get($ref) ?? this.#ajv.compile({ $ref });
    this.#compiled.set($ref, validate);
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors, { dataVar: 'it' });
  }

  /**
   * Follows a reference, if there is one.
   * @param {string[]} pointer
   */
  #resolved(pointer) {
    const { $ref } = this.#at(pointer) ?? {};
    return typeof $ref === 'string' ? $ref.slice('#/'.length).split('/') : pointer;
  }

  /**
   * @param {string[]} pointer
   * @returns {Json | undefined}
   */
  #at(pointer) {
    return pointer.reduce((/** @type {Json | undefined} */ value, name) => value?.[name], this.#document);
  }
}

/**
 * A part of a JSON pointer, as a URI's fragment has it (RFC 6901 §6).
 * @param {string} name
 */
function escaped(name) {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
