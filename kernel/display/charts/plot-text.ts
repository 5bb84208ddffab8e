/** What a chart of Observable Plot says of itself in plain text: its marks and the names of its axes. */
import { textOfMarkup } from '../html.ts';

/** A part of the chart, by its name for screen readers, and the texts in it. */
const part = /<g\b[^>]*\saria-label="([^"]*)"[^>]*>((?:<text\b[^>]*>[^<]*<\/text>)*)/g;

/**
 * `dot, rule; x: time; y: height`, as far as Plot has named them.
 * @param svg its markup
 * @returns undefined for a picture that is none of Plot's
 */
export function plotText(svg: string): string | undefined {
  if (!/^<svg\b[^>]*\sclass="plot(?:-[\da-f]+)?["\s]/.test(svg)) return undefined;
  const marks = new Set<string>();
  const axes: string[] = [];
  for (const [, name = '', texts = ''] of svg.matchAll(part)) {
    const axis = /^(f?[xy])-axis label$/.exec(name)?.[1];
    // Plot points with arrows to where values grow.
    const label = axis === undefined ? '' : textOfMarkup(texts).replaceAll(/^[←↑→↓] | [←↑→↓]$/g, '');
    if (axis !== undefined && label !== '') axes.push(`${axis}: ${label}`);
    else if (!/\b(?:axis|grid)\b/.test(name)) marks.add(textOfMarkup(name));
  }
  return [[...marks].join(', '), ...axes.sort()].filter((each) => each !== '').join('; ');
}
