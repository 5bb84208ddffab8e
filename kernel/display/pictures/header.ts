/** Which picture some bytes are, and how large, from their first ones: the formats that every browser shows. */

export interface Picture {
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  /** As people call it: `PNG`. */
  readonly name: string;
  /** In pixels; undefined where the header does not say. */
  readonly size: readonly [width: number, height: number] | undefined;
}

/** The picture's format and size; undefined for bytes that are no picture. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = (text: string, at = 0): boolean => head.toString('latin1', at, at + text.length) === text;
  if (head.length < 10) return undefined;
  if (starts('\x89PNG\r\n\x1A\n')) {
    return {
      type: 'image/png',
      name: 'PNG',
      size: head.length < 24 ? undefined : [head.readUInt32BE(16), head.readUInt32BE(20)],
    };
  }
  if (starts('GIF87a') || starts('GIF89a')) {
    return { type: 'image/gif', name: 'GIF', size: [head.readUInt16LE(6), head.readUInt16LE(8)] };
  }
  if (starts('\xFF\xD8\xFF')) return { type: 'image/jpeg', name: 'JPEG', size: jpegSize(head) };
  if (starts('RIFF') && starts('WEBP', 8)) return { type: 'image/webp', name: 'WebP', size: webpSize(head) };
  return undefined;
}

/** From the frame header, behind segments of other kinds: ITU T.81, annex B. */
function jpegSize(bytes: Buffer): [number, number] | undefined {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(bytes: Buffer): [number, number] | undefined {
  if (bytes.length < 30) return undefined;
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  if (kind === 'VP8 ') return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
  if (kind !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}
