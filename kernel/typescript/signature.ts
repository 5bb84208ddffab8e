/** The call that a place is in: what LSP's signatureHelp says of it → blocks of an explanation. */
import { type Block, blocksOf } from './explanation.ts';

type Text = string | { readonly value: string };

interface Signature {
  readonly label: string;
  readonly documentation?: Text;
  readonly parameters?: ReadonlyArray<{
    readonly label: string | readonly [start: number, end: number];
    readonly documentation?: Text;
  }>;
  readonly activeParameter?: number | null;
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly activeSignature?: number;
  readonly activeParameter?: number | null;
}

/** Some functions have dozens of overloads. */
const SHOWN_OVERLOADS = 10;

function prose(text: Text | undefined): Block[] {
  return text === undefined ? [] : blocksOf(typeof text === 'string' ? text : text.value);
}

/** Where each parameter stands in the label. */
function placesOf({ label, parameters = [] }: Signature): Array<readonly [start: number, end: number]> {
  let from = 0;
  return parameters.map(({ label: parameter }) => {
    if (typeof parameter !== 'string') return parameter;
    // The function's own name may contain that of its parameter: `f(f)`; they are in order behind it.
    const bracket = from === 0 ? label.search(/[(<]/) + 1 : from;
    const start = Math.max(0, label.indexOf(parameter, bracket));
    from = start + parameter.length;
    return [start, from];
  });
}

/** The same with the modules in its label named otherwise. */
function renamed(signature: Signature, inWords: (text: string) => string): Signature {
  const { label, parameters } = signature;
  const place = (offset: number): number => inWords(label.slice(0, offset)).length;
  return {
    ...signature,
    label: inWords(label),
    ...(parameters && {
      parameters: parameters.map((parameter) => {
        const { label: part } = parameter;
        return {
          ...parameter,
          label: typeof part === 'string' ? inWords(part) : ([place(part[0]), place(part[1])] as const),
        };
      }),
    }),
  };
}

/** The signature, its active parameter underlined and explained, the function's documentation, and other overloads. */
export function signatureBlocks(
  help: SignatureHelp,
  inWords: (text: string) => string = (text) => text,
): Block[] {
  const { activeSignature = 0 } = help;
  const signatures = help.signatures.map((signature) => renamed(signature, inWords));
  const active = signatures[activeSignature] ?? signatures[0];
  if (!active) return [];
  const index = active.activeParameter ?? help.activeParameter ?? -1;
  const parameter = active.parameters?.[index];
  const [start, end] = placesOf(active)[index] ?? [0, 0];
  const underline = `${' '.repeat(start)}${'^'.repeat(end - start)}`;
  const text = end > start && !active.label.includes('\n') ? `${active.label}\n${underline}` : active.label;
  const blocks: Block[] = [{ kind: 'code', language: 'typescript', text }];
  if (parameter) {
    const [first, ...more] = prose(parameter.documentation);
    const about = first?.kind === 'prose' ? ` — ${first.text}` : '';
    blocks.push({ kind: 'prose', text: `**\`${active.label.slice(start, end)}\`**${about}` });
    blocks.push(...(first?.kind === 'code' ? [first] : []), ...more);
  }
  blocks.push(...prose(active.documentation));
  const others = signatures.filter((signature) => signature !== active);
  if (others.length > 0) {
    const shown = others.slice(0, SHOWN_OVERLOADS).map(({ label }) => label);
    const left = others.length - shown.length;
    const rest = left > 0 ? [`// and ${left} more`] : [];
    blocks.push({ kind: 'prose', text: others.length === 1 ? 'Overload:' : 'Overloads:' });
    blocks.push({ kind: 'code', language: 'typescript', text: [...shown, ...rest].join('\n') });
  }
  return blocks;
}
