/** Charts that the client draws, from a description: Vega, Vega-Lite, Plotly. Each has its own MIME type. */
import type { JsonValue } from '../../protocol/json.ts';
import { counted, cut } from '../html.ts';
import { checkedJson } from '../mime.ts';
import { hasMethod, isArray, isPlain, ownValue } from '../own.ts';
import type { Rendered, RenderContext } from '../renderer.ts';
import { treeHtml } from '../tree/tree.ts';
import { vegaSvg } from './vega-svg.ts';

const schema = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)(?:\.[\d.]+)?\.json$/;
/** The latest that JupyterLab draws; it takes most of what is newer for it. */
const LATEST = 5;

/** A Vega or Vega-Lite specification, or what vega-lite-api makes; with a picture where the notebook has Vega. */
export function renderVega(
  value: object,
  { importModule }: RenderContext,
): Rendered | Promise<Rendered> | undefined {
  const spec = isPlain(value) ? value : specOf(value);
  if (spec === undefined) return undefined;
  const address = ownValue(spec, '$schema');
  const [, language, version] = (typeof address === 'string' && schema.exec(address)) || [];
  if (language === undefined) return undefined;
  const json = checkedJson(spec, 'the specification of the chart');
  const name = language === 'vega' ? 'vega' : 'vegalite';
  const versions = [...new Set([Number(version), Math.min(Number(version), LATEST)])];
  const rendered = {
    data: Object.fromEntries(
      versions.map((each): [string, JsonValue] => [`application/vnd.${name}.v${each}+json`, json]),
    ),
    // No HTML beside it: JupyterLab would take that.
    text: vegaText(spec, language === 'vega' ? 'Vega' : 'Vega-Lite'),
  };
  if (!importModule) return rendered;
  return vegaSvg(json, language === 'vega-lite', importModule).then((svg) =>
    svg === undefined ? rendered : { ...rendered, data: { ...rendered.data, 'image/svg+xml': svg } },
  );
}

/** An object of vega-lite-api: https://vega.github.io/vega-lite-api/ */
function specOf(value: object): object | undefined {
  if (!hasMethod(value, 'toSpec') || !hasMethod(value, 'toObject')) return undefined;
  const spec = (value as { toSpec(): unknown }).toSpec();
  return isPlain(spec) ? spec : undefined;
}

/** `[Vega-Lite chart: bar, x: mean of rain, y: city, 3 rows]` with its title, if it has one. */
function vegaText(spec: object, name: string): string {
  const mark = ownValue(spec, 'mark');
  const kind = typeof mark === 'string' ? mark : ownValue(mark, 'type');
  const title = ownValue(spec, 'title');
  const caption = typeof title === 'string' ? title : ownValue(title, 'text');
  const values = ownValue(ownValue(spec, 'data'), 'values');
  const parts = [
    typeof caption === 'string' ? caption : '',
    typeof kind === 'string' ? kind : '',
    ...['x', 'y', 'color'].map((channel) => channelText(ownValue(spec, 'encoding'), channel)),
    isArray(values) ? counted(values.length, 'row') : '',
  ].filter((part) => part !== '');
  return `[${name} chart${parts.length === 0 ? '' : `: ${parts.join(', ')}`}]`;
}

/** What a channel of Vega-Lite's shows: `x: mean of rain`, `y: count`; empty for none. */
function channelText(encoding: unknown, channel: string): string {
  const definition = ownValue(encoding, channel);
  const shown = ['aggregate', 'field']
    .map((key) => ownValue(definition, key))
    .filter((each) => typeof each === 'string');
  return shown.length === 0 ? '' : `${channel}: ${cut(shown.join(' of '), 100)}`;
}

/** Properties of Plotly's traces: https://plotly.com/javascript/reference/ */
const TRACE = ['x', 'y', 'z', 'values', 'labels', 'locations', 'lat', 'r'];

/** `{ data: [{ x, y, type }], layout }`, what Plotly.newPlot takes. */
export function renderPlotly(value: object): Rendered | undefined {
  if (!isPlain(value)) return undefined;
  const [data, layout] = [ownValue(value, 'data'), ownValue(value, 'layout')];
  if (!isArray(data) || data.length === 0 || !isPlain(layout)) return undefined;
  const isTrace = (trace: unknown): boolean =>
    isPlain(trace) && TRACE.some((key) => ownValue(trace, key) !== undefined);
  if (!data.every(isTrace)) return undefined;
  const kinds = data
    .map((trace) => ownValue(trace, 'type') ?? 'scatter')
    .filter((kind) => typeof kind === 'string');
  return {
    data: { 'application/vnd.plotly.v1+json': checkedJson(value, 'the description of the chart') },
    html: treeHtml(value),
    text: `[Plotly chart: ${[...new Set(kinds)].join(', ')}]`,
  };
}
