/** Pictures: bytes that begin like one, blobs, canvases. */
import { types } from 'node:util';
import { renderMarkup } from '../charts/markup.ts';
import { grouped } from '../html.ts';
import { base64 } from '../mime.ts';
import { ask, hasAll, hasMethod } from '../own.ts';
import type { Rendered, RenderContext } from '../renderer.ts';
import { pictureOf } from './header.ts';

/** Larger ones are shown as what they are: bytes. Notebooks that carry them open slowly. */
const LARGEST = 20 * 2 ** 20;

/** The bytes as a picture; undefined if they are none. */
function renderPictureBytes(bytes: Uint8Array): Rendered | undefined {
  if (bytes.length > LARGEST) return undefined;
  const picture = pictureOf(bytes);
  if (!picture) return undefined;
  const size = picture.size ? `, ${picture.size[0]} × ${picture.size[1]}` : '';
  return {
    data: { [picture.type]: base64(bytes) ?? '' },
    text: `[${picture.name} picture${size}, ${grouped(bytes.length)} bytes]`,
  };
}

/** A Buffer, a Uint8Array or an ArrayBuffer that begins like a picture. */
export function renderPicture(value: object): Rendered | undefined {
  if (types.isUint8Array(value)) return renderPictureBytes(value);
  return types.isAnyArrayBuffer(value) ? renderPictureBytes(new Uint8Array(value)) : undefined;
}

/** A Blob or File: its bytes take time. */
export function renderBlob(value: object, { text }: RenderContext): Promise<Rendered> | undefined {
  // Node loads its Blob when it is first asked for: not before there may be one.
  if (!hasMethod(value, 'arrayBuffer') || !(value instanceof Blob)) return undefined;
  const size = ask(
    () => Reflect.getOwnPropertyDescriptor(Blob.prototype, 'size')?.get?.call(value) as number,
  );
  if (size === undefined || size > LARGEST) return undefined;
  const plain = text();
  return Blob.prototype.arrayBuffer
    .call(value)
    .then((buffer) => renderPictureBytes(new Uint8Array(buffer)) ?? { text: plain });
}

/** Canvases of @napi-rs/canvas, skia-canvas and canvas: what is drawn on them, as PNG. */
interface Canvas {
  toBuffer(format: string): unknown;
  toBufferSync?(format: string): unknown;
}

/** The canvas of @napi-rs/canvas that makes SVG of what is drawn. */
interface SvgCanvas {
  getContent(): Buffer;
}

export function renderCanvas(value: object): Rendered | Promise<Rendered> | undefined {
  if (hasAll(value, ['getContext', 'width', 'height']) && hasMethod(value, 'getContent')) {
    const content = ask(() => (value as SvgCanvas).getContent());
    return (
      content &&
      renderMarkup(
        content
          .toString('utf8')
          .replace(/^<\?xml[^>]*\?>\s*/, '')
          .trim(),
      )
    );
  }
  const isCanvas =
    hasMethod(value, 'getContext') && hasMethod(value, 'toBuffer') && hasAll(value, ['width', 'height']);
  if (!isCanvas) return undefined;
  const canvas = value as Canvas;
  // skia-canvas has both, and its toBuffer gives a promise in older versions.
  const made = hasMethod(value, 'toBufferSync') ? canvas.toBufferSync?.('png') : canvas.toBuffer('image/png');
  if (types.isPromise(made)) return made.then((bytes) => canvasPicture(bytes) ?? {});
  return canvasPicture(made);
}

function canvasPicture(bytes: unknown): Rendered | undefined {
  const rendered = types.isUint8Array(bytes) ? renderPictureBytes(bytes) : undefined;
  return (
    rendered && {
      ...rendered,
      text: (rendered.text ?? '').replace('[PNG picture', '[Canvas').replace(/, [\d,]+ bytes/, ''),
    }
  );
}
