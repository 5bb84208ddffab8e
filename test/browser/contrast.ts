/** Whether text can be told from what is behind it. */
import type { Locator } from 'playwright-core';

/**
 * Texts of ours whose contrast is below 3:1, the least that WCAG 2.2 asks for large text and graphics: each with its
 * contrast before it.
 * @param selector of the elements that are looked at, inside of `root`
 */
export async function faintTexts(root: Locator, selector: string): Promise<string[]> {
  return root.evaluate(contrastsBelow, { least: 3, selector });
}

/** What is used of a browser's objects, whose types these sources do without. */
interface Node {
  readonly textContent: string;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string }>;
  readonly namespaceURI: string;
  readonly parentElement: Node | null;
  querySelectorAll(selector: string): Iterable<Node>;
  getBoundingClientRect(): { readonly width: number; readonly height: number };
}

/** Runs in the page. */
function contrastsBelow(
  root: unknown,
  { least, selector }: { readonly least: number; readonly selector: string },
): string[] {
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(node: unknown): Readonly<Record<'color' | 'fill' | 'backgroundColor', string>>;
  };
  const rgba = (color: string): number[] => {
    const numbers = (color.match(/[\d.]+/g) ?? []).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const behind = (node: Node | null): number[] => {
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
  const text = 3; // Node.TEXT_NODE
  for (const node of (root as Node).querySelectorAll(selector)) {
    const { width, height } = node.getBoundingClientRect();
    const own = [...node.childNodes].filter(({ nodeType }) => nodeType === text);
    if (width === 0 || height === 0 || own.every(({ textContent }) => textContent.trim() === '')) continue;
    const { color, fill } = getComputedStyle(node);
    const isSvg = node.namespaceURI.endsWith('/svg');
    const [front, back] = [luminance(rgba(isSvg ? fill : color)), luminance(behind(node))];
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < least) found.push(`${contrast.toFixed(2)} ${node.textContent.trim().slice(0, 40)}`);
  }
  return found;
}
