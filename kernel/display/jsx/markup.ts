/**
 * Elements → HTML, as far as that needs no React: elements of HTML and SVG, fragments, components that are plain
 * functions, classes with `render`, `memo` and `forwardRef`. Hooks need React; where it is installed, it does it all.
 */
import { escapeHtml } from '../html.ts';
import { hasMethod, ownValue, written } from '../own.ts';
import { attributeName, styleText, VOID } from './names.ts';
import { isElementMark } from './elements.ts';

/** Components that contain themselves must end somewhere. */
const DEPTH = 200;
const SIZE = 2_000_000;

/** @throws Error for what cannot be rendered, and whatever a component throws */
export function markupOf(node: unknown): string {
  const parts: string[] = [];
  let size = 0;
  const write = (text: string): void => {
    parts.push(text);
    size += text.length;
    if (size > SIZE) throw new Error('The markup is too long');
  };
  render(node, 0, write);
  return parts.join('');
}

function render(node: unknown, depth: number, write: (text: string) => void): void {
  if (depth > DEPTH) throw new Error(`Elements are nested more than ${DEPTH} deep`);
  if (node === null || node === undefined || typeof node === 'boolean') return;
  if (typeof node === 'string' || typeof node === 'number' || typeof node === 'bigint') {
    write(escapeHtml(String(node)));
    return;
  }
  if (typeof node !== 'object') throw new Error(`A ${typeof node} cannot be rendered`);
  if (!isElementMark(ownValue(node, '$$typeof'))) {
    if (!hasMethod(node, Symbol.iterator)) throw new Error('An object that is no element cannot be rendered');
    for (const child of node as Iterable<unknown>) render(child, depth + 1, write);
    return;
  }
  const type = ownValue(node, 'type');
  const props = (ownValue(node, 'props') ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof type === 'string') {
    tag(type, props, depth, write);
    return;
  }
  // Fragment, StrictMode, Suspense, Profiler: nothing of their own is seen.
  render(typeof type === 'symbol' ? props['children'] : made(type, props), depth + 1, write);
}

type Component = (props: object, ref?: unknown) => unknown;

/** What a component makes of its properties. */
function made(type: unknown, props: Readonly<Record<string, unknown>>): unknown {
  if (typeof type === 'function') {
    if (!hasMethod(type.prototype, 'render')) return (type as Component)(props);
    const Class = type as unknown as new (props: object) => { render(): unknown };
    return new Class(props).render();
  }
  const mark = ownValue(type, '$$typeof');
  if (mark === Symbol.for('react.memo')) return made(ownValue(type, 'type'), props);
  const forwarded = ownValue(type, 'render');
  if (mark === Symbol.for('react.forward_ref') && typeof forwarded === 'function')
    return (forwarded as Component)(props, null);
  throw new Error('An element of this type needs React');
}

function tag(
  name: string,
  props: Readonly<Record<string, unknown>>,
  depth: number,
  write: (text: string) => void,
): void {
  if (!/^[a-z][\w.-]*$/i.test(name)) throw new Error(`${JSON.stringify(name)} is no name of an element`);
  write(
    `<${name}${Object.entries(props)
      .map(([key, value]) => attributeText(name, key, value))
      .join('')}>`,
  );
  if (VOID.has(name)) return;
  const raw = (props['dangerouslySetInnerHTML'] as { __html?: unknown } | undefined)?.__html;
  if (typeof raw === 'string') write(raw);
  else if (name === 'textarea' && props['children'] === undefined)
    render(props['value'] ?? props['defaultValue'], depth, write);
  else render(props['children'], depth + 1, write);
  write(`</${name}>`);
}

function attributeText(element: string, key: string, value: unknown): string {
  const isOwn = ['children', 'dangerouslySetInnerHTML', 'key', 'ref', 'suppressHydrationWarning'].includes(
    key,
  );
  // What a page would call is a function, and there is none in it.
  if (isOwn || /^on/i.test(key) || value === null || value === undefined || typeof value === 'function')
    return '';
  if (element === 'textarea' && /^(?:defaultV|v)alue$/.test(key)) return '';
  const name = attributeName(key);
  if (!/^[A-Za-z_][\w:.-]*$/.test(name)) return '';
  if (key === 'style' && typeof value === 'object') return ` style="${escapeHtml(styleText(value))}"`;
  if (typeof value === 'boolean' && !/^(?:aria|data)-/.test(name)) return value ? ` ${name}=""` : '';
  return ` ${name}="${escapeHtml(written(value))}"`;
}
