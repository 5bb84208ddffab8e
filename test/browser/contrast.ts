/** Whether texts can be told from what is behind them. */
import type { Locator } from 'playwright-core';

/** What is needed of a browser's objects, whose types these sources do without. */
interface Seen {
  readonly textContent: string;
  readonly parentElement: Seen | null;
  querySelectorAll(selector: string): Iterable<Seen>;
  getBoundingClientRect(): { readonly width: number; readonly height: number };
}

/** The least contrast that WCAG 2.2 asks for large text and graphics. */
const LEAST = 3;

/** Texts of ours below the element that have less than that, each with its contrast. */
export function faintTexts(root: Locator): Promise<string[]> {
  return root.evaluate(contrastsBelow, LEAST);
}

/** Runs in the page. */
function contrastsBelow(root: unknown, least: number): string[] {
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(node: unknown): { readonly color: string; readonly backgroundColor: string };
  };
  const rgba = (color: string): number[] => {
    const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const behind = (node: Seen | null): number[] => {
    if (!node) return [255, 255, 255];
    const [r = 0, g = 0, b = 0, a = 0] = rgba(getComputedStyle(node).backgroundColor);
    if (a === 1) return [r, g, b];
    const under = behind(node.parentElement);
    return [r, g, b].map((part, i) => part * a + (under[i] ?? 0) * (1 - a));
  };
  const luminance = (color: number[]): number => {
    const [r = 0, g = 0, b = 0] = color.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found: string[] = [];
  for (const node of (root as Seen).querySelectorAll('[class*="tsloop-"], [class*="tsloop-"] *')) {
    const { width, height } = node.getBoundingClientRect();
    if (width === 0 || height === 0 || node.textContent.trim() === '') continue;
    const [front, back] = [luminance(rgba(getComputedStyle(node).color)), luminance(behind(node))];
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < least) found.push(`${contrast.toFixed(2)} ${node.textContent.trim().slice(0, 40)}`);
  }
  return found;
}
