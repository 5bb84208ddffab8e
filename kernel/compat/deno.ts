/**
 * `Deno.jupyter`, as Deno's kernel has it, so that its notebooks run here. Only cells see it: packages take a global
 * `Deno` for a sign that they run in Deno.
 * Source: https://docs.deno.com/api/deno/~/Deno.jupyter
 */
import { readFileSync } from 'node:fs';
import type { MimeBundle } from '../bridge.ts';
import type { DisplaySink } from '../display/api.ts';
import { base64, checkedBundle, checkedJson } from '../display/mime.ts';
import { ownValue } from '../display/own.ts';
import { pictureOf } from '../display/pictures/header.ts';
import { displaySymbol, mimeBundle } from '../display/rich.ts';
import type { Display } from '../display/types.ts';
import { textOfMarkup } from '../display/html.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { DenoGlobal, DenoJupyter, Displayable } from './types.ts';

/** Publishes a message to all clients; see {@link DenoJupyter.broadcast}. */
export type Broadcast = (
  messageType: string,
  content: JsonObject,
  metadata: JsonObject,
  buffers: readonly Uint8Array[],
) => void;

export function makeDeno(display: Display, sink: DisplaySink, broadcast: Broadcast): DenoGlobal {
  const jupyter = {
    $display: displaySymbol,
    display: async (value, { raw = false, update = false, display_id } = {}) => {
      display(value, { raw, update, ...(display_id === undefined ? {} : { displayId: display_id }) });
    },
    format: async (value) => mimeBundle(value, sink),
    html: tag('text/html', textOfMarkup),
    md: tag('text/markdown', (text) => text),
    svg: tag('image/svg+xml', () => '[SVG picture]'),
    image: (picture) => displayable(imageBundle(picture)),
    broadcast: async (type, content, { metadata = {}, buffers = [] } = {}) => {
      const checked = (value: unknown): JsonObject =>
        checkedJson(value, 'Deno.jupyter.broadcast: the message') as JsonObject;
      const { data, metadata: own = {}, transient } = content as Partial<Record<string, object>>;
      const id = transient && ownValue(transient, 'display_id');
      // By the way of all displays, which goes into notebooks without a client too.
      if (/^(?:update_)?display_data$/.test(type) && data !== undefined)
        display.mime(data as MimeBundle, {
          metadata: checked(own),
          update: type.startsWith('update'),
          ...(typeof id === 'string' ? { displayId: id } : {}),
        });
      else broadcast(type, checked(content), checked(metadata), buffers);
    },
  } satisfies Omit<DenoJupyter, '$display'> & { $display: symbol };
  return { jupyter: jupyter as unknown as DenoJupyter };
}

/** Nothing in the template is escaped: Deno does not, and people put markup together that way. */
function tag(type: string, plain: (text: string) => string): DenoJupyter['html'] {
  return (strings, ...values) => {
    const text = strings.map((each, i) => `${each}${i < values.length ? String(values[i]) : ''}`).join('');
    return displayable({ [type]: text, 'text/plain': plain(text) });
  };
}

function displayable(bundle: MimeBundle): Displayable {
  return { [displaySymbol]: () => bundle };
}

/** @throws Error for a file that cannot be read; TypeError for bytes that are no picture */
function imageBundle(picture: string | Uint8Array): MimeBundle {
  const bytes = typeof picture === 'string' ? readFileSync(picture) : picture;
  const found = pictureOf(bytes);
  if (!found) throw new TypeError('Deno.jupyter.image takes a PNG, JPEG, GIF or WebP picture; this is none');
  return checkedBundle(
    { [found.type]: base64(bytes), 'text/plain': `[${found.name} picture]` },
    'Deno.jupyter.image',
  );
}
