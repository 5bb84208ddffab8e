/**
 * Looks at values without running any of their code: no getters, no proxy traps, no methods. What is displayed may
 * come from anywhere, and looking at it must neither change it nor fail.
 */
import { inspect, types } from 'node:util';
import { textOf } from '../../src/repr.ts';

/** Whether the value is an object or a function whose own properties can be looked at. */
export function isTransparent(value: unknown): value is object {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') && !types.isProxy(value)
  );
}

/** The value of an own property; undefined for none, for one with a getter, and for what is a proxy. */
export function ownValue(value: unknown, key: PropertyKey): unknown {
  return isTransparent(value) ? Reflect.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

/** The descriptor of a property of the value or of what it inherits from, as far as no proxy is on the way. */
export function descriptorOf(value: unknown, key: PropertyKey): PropertyDescriptor | undefined {
  for (let each: unknown = value; isTransparent(each); each = Reflect.getPrototypeOf(each)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(each, key);
    if (descriptor) return descriptor;
  }
  return undefined;
}

/** Whether the value has, or inherits, a method of this name. */
export function hasMethod(value: unknown, key: PropertyKey): boolean {
  return typeof descriptorOf(value, key)?.value === 'function';
}

/** Whether the value has, or inherits, all of these properties, of whatever kind. */
export function hasAll(value: unknown, keys: readonly PropertyKey[]): boolean {
  return keys.every((key) => descriptorOf(value, key) !== undefined);
}

/** The name of the class of an object; empty for none, `Object` for a plain object. */
export function classNameOf(value: unknown): string {
  const name = ownValue(descriptorOf(value, 'constructor')?.value, 'name');
  return typeof name === 'string' ? name : '';
}

/** Whether the object is no instance of any class: `{}`, or one without a prototype. */
export function isPlain(value: unknown): value is object {
  if (!isTransparent(value) || typeof value === 'function' || Array.isArray(value)) return false;
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  // The same of another realm: node:vm.
  return (
    isTransparent(prototype) &&
    Reflect.getPrototypeOf(prototype) === null &&
    classNameOf(value) === 'Object' &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

/** Whether the object says itself how it is printed. */
export function inspectsItself(value: unknown): boolean {
  return hasMethod(value, inspect.custom);
}

/** Whether the value is one of the scheduler's, such as a task or a lock, whose text is its state. */
export function isOfLoop(value: unknown): boolean {
  return descriptorOf(value, inspect.custom)?.value === textOf;
}

/** Whether the value is an array that can be looked at; elements are to be read with {@link element}. */
export function isArray(value: unknown): value is readonly unknown[] {
  return isTransparent(value) && Array.isArray(value);
}

/** An element of an array, or of a typed one; undefined for a hole and for one with a getter. */
export function element(array: readonly unknown[], index: number): unknown {
  return Reflect.getOwnPropertyDescriptor(array, index)?.value;
}

/** How many own enumerable properties with string keys the value has. */
export function countProperties(value: object): number {
  return isTransparent(value) ? Object.keys(value).length : 0;
}

/** The first own enumerable properties that have string keys; those with getters are among them. */
export function properties(
  value: object,
  limit: number = Infinity,
): Array<readonly [key: string, descriptor: PropertyDescriptor]> {
  if (!isTransparent(value)) return [];
  const keys = Object.keys(value);
  return (keys.length > limit ? keys.slice(0, limit) : keys).flatMap((key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
    return descriptor ? [[key, descriptor] as const] : [];
  });
}

/** A value as its library writes it: this does run its code. @throws what that throws */
export function written(value: unknown): string {
  return String(value);
}

/**
 * Reads a property or calls a method of an object that is known to be of some library: this does run its code.
 * @returns undefined when that throws
 */
export function ask<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}
