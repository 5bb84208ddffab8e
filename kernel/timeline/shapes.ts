/** What a timeline is drawn with: sizes, colours, and the elements of an SVG. */
import { escapeHtml } from '../display/html.ts';
import type { Lane } from './lanes.ts';

/** Pixels. */
export const WIDTH = 800;
/** Where time begins, behind the lanes' labels. */
export const LEFT = 160;
/** Room behind the end, for a number. */
export const RIGHT = 40;

/**
 * Colours that can be read on white and on black; where JupyterLab says what its theme has, that. An image on a page
 * of its own knows no such variables.
 */
export const COLORS = {
  text: 'var(--jp-content-font-color1, #7a7a7a)',
  dim: 'var(--jp-content-font-color2, #808080)',
  grid: 'var(--jp-border-color2, rgba(128, 128, 128, 0.4))',
  band: 'rgba(128, 128, 128, 0.08)',
  wait: '#8a8a8a',
  sleep: 'rgba(128, 128, 128, 0.5)',
  failed: '#d84a3a',
  cancelled: '#b86e00',
} as const;

/** What runs, by the kind of its lane. */
export const BARS: Readonly<Record<Lane['kind'], string>> = {
  task: '#2f8fd8',
  callback: '#3f9d5a',
  cell: '#8e6bc9',
  others: '#7d858c',
};

export const round = (value: number): string => String(Math.round(value * 10) / 10);

export function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeHtml(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${attributes}/>`;
}

export function rect(x: number, y: number, width: number, height: number, attributes: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ${attributes}/>`;
}

/** What is shown while the pointer rests on the group that it stands in. */
export function title(content: string): string {
  return `<title>${escapeHtml(content)}</title>`;
}

/** `×` or `!`. */
export function mark(sign: string, x: number, middle: number, color: string): string {
  return text(x, middle + 5, sign, `text-anchor="middle" fill="${color}" font-size="15" font-weight="bold"`);
}

/** Where a call was asked for. */
export function circle(x: number, y: number): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" fill="none" stroke="${COLORS.wait}" stroke-width="1.5"/>`;
}

/** Where a call was due. */
export function stroke(x: number, middle: number): string {
  return line(x, middle - 8, x, middle + 8, `stroke="${COLORS.wait}" stroke-width="1.5"`);
}

/** From when it was due to when it was called. */
export function lateness(from: number, to: number, middle: number): string {
  return line(from, middle, to, middle, `stroke="${COLORS.cancelled}" stroke-width="2"`);
}

/** A wait: pale where the lane sleeps, dashed where its promise is pending. */
export function waiting(what: 'sleep' | 'promise', x: number, width: number, middle: number): string {
  const look =
    what === 'sleep'
      ? `fill="${COLORS.sleep}"`
      : `fill="none" stroke="${BARS.task}" stroke-dasharray="4 2" stroke-width="1.2"`;
  return rect(x, middle - 3, width, 6, `rx="3" ${look}`);
}
