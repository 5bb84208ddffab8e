/**
 * Nested objects as a tree whose branches open and close: `<details>` elements, no script. What is not shown is
 * counted; a value that contains itself is shown once.
 */
import { types } from 'node:util';
import { colorRules, COLORS, cut, escapeHtml, FONTS, grouped, styleElement } from '../html.ts';
import {
  classNameOf,
  countProperties,
  element,
  inspectsItself,
  isArray,
  isPlain,
  isTransparent,
  properties,
} from '../own.ts';
import { firstEntries, type Piece, PIECE_COLORS, preview, sizeOf } from '../preview.ts';
import type { Rendered, RenderContext } from '../renderer.ts';

/** Of each branch so many children are shown, of the first one more. */
const CHILDREN = 30;
const FIRST_CHILDREN = 100;
const DEPTH = 8;
/** Nodes of the whole tree: a browser draws them at once. */
const NODES = 800;
/** Characters of one text. */
const LONG = 500;
/** Short trees are open at first. */
const OPEN = 20;

interface Child {
  /** Left out for the elements of sets. */
  readonly key?: Piece;
  readonly value: unknown;
  /** Shown in place of the value. */
  readonly note?: string;
}

interface Branch {
  readonly count: number;
  children(limit: number): Child[];
}

/** The parts of a value; undefined for what has none, or would have to run code to give them. */
function branchOf(value: unknown): Branch | undefined {
  if (typeof value !== 'object' || value === null || !isTransparent(value)) return undefined;
  if (isArray(value)) {
    return {
      count: value.length,
      children: (limit) =>
        Array.from({ length: Math.min(limit, value.length) }, (_, i) => arrayChild(value, i)),
    };
  }
  if (types.isMap(value) || types.isSet(value)) {
    const isMap = types.isMap(value);
    return {
      count: sizeOf(value),
      children: (limit) =>
        firstEntries(value, limit).map(([key, own]) =>
          isMap ? { key: preview(key, 60), value: own } : { value: own },
        ),
    };
  }
  if (!isPlain(value) && (inspectsItself(value) || isWhole(value))) return undefined;
  return {
    count: countProperties(value),
    children: (limit) =>
      properties(value, limit).map(([key, { get, set, value: own }]) => ({
        key: { text: cut(key, 100), color: 'key' },
        value: own as unknown,
        ...(get || set ? { note: get ? (set ? '[Getter/Setter]' : '[Getter]') : '[Setter]' } : {}),
      })),
  };
}

function arrayChild(array: readonly unknown[], index: number): Child {
  const key: Piece = { text: String(index), color: 'dim' };
  const descriptor = Reflect.getOwnPropertyDescriptor(array, index);
  if (!descriptor) return { key, value: undefined, note: 'empty' };
  return { key, value: element(array, index), ...(descriptor.get ? { note: '[Getter]' } : {}) };
}

/** Built-in objects whose properties are not what they are about. */
function isWhole(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isNativeError(value) ||
    types.isPromise(value) ||
    types.isArrayBufferView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isBoxedPrimitive(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isModuleNamespaceObject(value) ||
    types.isExternal(value)
  );
}

class Drawing {
  #nodes = 0;
  readonly #path = new Set<unknown>();

  node({ key, value, note }: Child, depth: number): string {
    this.#nodes += 1;
    const label = key === undefined ? '' : `${span(key)}: `;
    if (note !== undefined) return leaf(label + span({ text: note, color: 'dim' }));
    if (this.#path.has(value)) return leaf(label + span({ text: '[Circular]', color: 'dim' }));
    const branch = branchOf(value);
    if (!branch || branch.count === 0) return leaf(label + span(leafPiece(value)));
    const summary = label + span(titleOf(value as object, branch.count)) + ' ' + faded(contentsOf(value));
    if (depth >= DEPTH || this.#nodes >= NODES) return leaf(summary);
    this.#path.add(value);
    const limit = depth === 0 ? FIRST_CHILDREN : CHILDREN;
    const rows: string[] = [];
    for (const child of branch.children(limit)) {
      if (this.#nodes >= NODES) break;
      rows.push(this.node(child, depth + 1));
    }
    this.#path.delete(value);
    const left = branch.count - rows.length;
    if (left > 0) rows.push(leaf(faded(`… ${grouped(left)} more`)));
    const open = depth === 0 || (depth === 1 && branch.count <= 3 && this.#nodes < OPEN) ? ' open' : '';
    return `<details${open}><summary>${summary}</summary><div>${rows.join('')}</div></details>`;
  }
}

function leaf(html: string): string {
  return `<div class="tsloop-leaf">${html}</div>`;
}

function span({ text, color }: Piece): string {
  return `<span class="tsloop-c-${color}">${escapeHtml(text)}</span>`;
}

function faded(text: string): string {
  return `<span class="tsloop-faded">${escapeHtml(text)}</span>`;
}

function leafPiece(value: unknown): Piece {
  return preview(value, LONG);
}

/** The beginning of what is in a closed branch, without the name that stands before it. */
function contentsOf(value: unknown): string {
  return preview(value, 70).text.replace(/^[^[{]*/, '');
}

function titleOf(value: object, count: number): Piece {
  const name = classNameOf(value);
  const isCounted = isArray(value) || types.isMap(value) || types.isSet(value);
  return { text: isCounted ? `${name || 'Array'}(${grouped(count)})` : name || 'Object', color: 'name' };
}

const STYLE = styleElement(`
.tsloop-tree { font-family: ${FONTS.code}; font-size: ${FONTS.codeSize}; line-height: 1.45; color: ${COLORS.text} }
.tsloop-tree details > div { margin-left: 1.3em }
.tsloop-tree summary { cursor: pointer; overflow-wrap: anywhere }
.tsloop-tree details[open] > summary > .tsloop-faded { display: none }
.tsloop-tree .tsloop-leaf { white-space: pre-wrap; overflow-wrap: anywhere; padding-left: 2.3em; text-indent: -1.3em }
.tsloop-tree .tsloop-faded { color: ${COLORS.dim} }
${colorRules('.tsloop-tree', PIECE_COLORS)}`);

/** A value's tree as HTML. */
export function treeHtml(value: unknown): string {
  return `<div class="tsloop-tree">${STYLE}${new Drawing().node({ value }, 0)}</div>`;
}

/** What fits in a line and has nothing inside of it is as well read as text. */
export function renderTree(value: object, { text }: RenderContext): Rendered | undefined {
  const branch = branchOf(value);
  if (!branch || branch.count === 0 || inspectsItself(value)) return undefined;
  const isCollection = types.isMap(value) || types.isSet(value);
  const hasInside = branch.children(FIRST_CHILDREN).some((child) => (branchOf(child.value)?.count ?? 0) > 0);
  if (!isCollection && !hasInside && !text().includes('\n')) return undefined;
  return { html: treeHtml(value) };
}
