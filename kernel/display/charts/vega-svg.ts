/** A Vega chart as a picture, for viewers that draw none themselves. That takes Vega, if the notebook's project has it. */
import type { JsonValue } from '../../protocol/json.ts';
import { isInert } from './inert.ts';

type Import = (specifier: string) => Promise<Record<string, unknown>>;

/** What is used of https://vega.github.io/vega/docs/api/view/ */
interface Vega {
  parse(spec: unknown): unknown;
  View: new (runtime: unknown, options: object) => { toSVG(): Promise<string>; finalize(): void };
}

interface VegaLite {
  compile(spec: unknown, options: object): { readonly spec: unknown };
}

/** The chart is shown without its picture if that takes longer (ms). */
const PATIENCE = 5000;

const { setTimeout, clearTimeout } = globalThis;

/** Data that are elsewhere are for the client to load: the kernel reads no files and asks no servers for a picture. */
function refuse(): Promise<never> {
  return Promise.reject(new Error('Data are not loaded for the picture of a chart'));
}

const silent = (): object => logger;
const logger: object = {
  level: silent,
  error: silent,
  warn: silent,
  info: silent,
  debug: silent,
};

/** Undefined where Vega is not installed, or cannot draw the chart. */
export async function vegaSvg(
  spec: JsonValue,
  isLite: boolean,
  importModule: Import,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, undefined);
  });
  try {
    return await Promise.race([drawn(spec, isLite, importModule), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function drawn(spec: JsonValue, isLite: boolean, importModule: Import): Promise<string | undefined> {
  // Vega writes what it has computed into the data that it is given; they are sent to clients as they were.
  let full: unknown = structuredClone(spec);
  if (isLite)
    full = ((await importModule('vega-lite')) as unknown as VegaLite).compile(full, { logger }).spec;
  const { parse, View } = (await importModule('vega')) as unknown as Vega;
  let failed = false;
  const failing = {
    load: () => {
      failed = true;
      return refuse();
    },
    sanitize: (href: string) => Promise.resolve({ href }),
  };
  const view = new View(parse(full), { renderer: 'none', logger, loader: failing });
  try {
    const svg = await view.toSVG();
    return failed || !isInert(svg) ? undefined : svg;
  } finally {
    view.finalize();
  }
}
