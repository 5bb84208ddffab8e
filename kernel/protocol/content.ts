/** The contents of requests: what a client may leave out has its default here, in one place. */
import type { JsonObject, JsonValue } from './json.ts';

/** A request's content is not what the protocol says: the reply's `evalue` tells the client which field. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
}

function field<T extends JsonValue>(
  content: JsonObject,
  name: string,
  isRight: (value: JsonValue) => value is T,
  expected: string,
  fallback?: T,
): T {
  const value = content[name];
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
    throw new ContentError(`The field '${name}' is missing; expected ${expected}`);
  }
  if (!isRight(value))
    throw new ContentError(
      `The field '${name}' must be ${expected}, not ${JSON.stringify(value).slice(0, 80)}`,
    );
  return value;
}

const isString = (value: JsonValue): value is string => typeof value === 'string';
const isBoolean = (value: JsonValue): value is boolean => typeof value === 'boolean';
const isInteger = (value: JsonValue): value is number => Number.isInteger(value);
const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = (content: JsonObject, name: string, fallback?: string): string =>
  field(content, name, isString, 'a string', fallback);
export const flag = (content: JsonObject, name: string, fallback?: boolean): boolean =>
  field(content, name, isBoolean, 'true or false', fallback);
export const integer = (content: JsonObject, name: string, fallback?: number): number =>
  field(content, name, isInteger, 'an integer', fallback);
export const object = (content: JsonObject, name: string, fallback?: JsonObject): JsonObject =>
  field(content, name, isObject, 'an object', fallback);
