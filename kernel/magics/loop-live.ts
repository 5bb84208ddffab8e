/**
 * `%loop live`: what the event loop is about to do, in one place under a cell, changed while cells run. It is no
 * widget, so that every client shows it.
 */
import type { MimeBundle } from '../bridge.ts';
import type { EventLoop } from '../../src/loop.ts';
import { COLORS, cut, escapeHtml, FONTS, styleElement } from '../display/html.ts';
import { linesOf, stateOf, textOfState, type LoopState } from './loop-state.ts';
import type { MagicContext } from './magic.ts';

/** Milliseconds from one picture to the next. */
const PAUSE = 250;

/** What Node's timers can wait at most (ms). */
const LONGEST = 2 ** 31 - 1;

/** What tells the live display of time. */
export interface Waiting {
  /** Calls `fn` after so many ms. Returns what cancels that. */
  (milliseconds: number, fn: () => void): () => void;
}

// Cells may replace them.
const { setTimeout, clearTimeout } = globalThis;

const realWaiting: Waiting = (milliseconds, fn) => {
  // It keeps no process alive, and is no work that virtual time would wait for.
  const timer = setTimeout(fn, milliseconds).unref();
  return () => clearTimeout(timer);
};

let stop: (() => void) | undefined;

/** Shows the loop under the cell, from now on and until {@link stopLive}. The one that was there before ends. */
export function showLive(
  context: Pick<MagicContext, 'showLive' | 'watchCells'>,
  loop: EventLoop,
  wait: Waiting = realWaiting,
): void {
  stopLive();
  let shown = stateOf(loop);
  let cancel: (() => void) | undefined;
  // The cell of the magic runs.
  let isRunning = true;
  const change = context.showLive(bundleOf(shown, true));
  const refresh = (): void => {
    const state = stateOf(loop);
    if (textOfState({ ...state, time: 0 }) !== textOfState({ ...shown, time: 0 }))
      change(bundleOf(state, true));
    shown = state;
  };
  const go = (): void => {
    cancel?.();
    cancel = undefined;
    // Between cells nothing happens before the next timer is due, and nothing at all without one.
    if (!isRunning && shown.next === undefined) return;
    const pause = isRunning ? PAUSE : Math.max(PAUSE, Math.min((shown.next ?? 0) * 1000 + 1, LONGEST));
    cancel = wait(pause, () => {
      refresh();
      go();
    });
  };
  const unwatch = context.watchCells((running) => {
    isRunning = running;
    // A cell that has begun has done nothing yet.
    if (!running) refresh();
    go();
  });
  go();
  stop = () => {
    unwatch();
    cancel?.();
    change(bundleOf(stateOf(loop), false));
  };
}

/** Ends the live display; what it shows stays as it is. Harmless without one. */
export function stopLive(): void {
  stop?.();
  stop = undefined;
}

const STYLE: string = styleElement(`
  .tsloop-live { font-family: ${FONTS.text}; color: ${COLORS.text}; }
  .tsloop-live b { display: block; margin-bottom: 4px; }
  .tsloop-live i { font-weight: normal; color: ${COLORS.dim}; }
  .tsloop-live p { margin: 4px 0 0; color: ${COLORS.dim}; }
  .tsloop-live pre { margin: 0 0 0 16px; font-family: ${FONTS.code}; font-size: ${FONTS.codeSize}; }
`);

function bundleOf(state: LoopState, isLive: boolean): MimeBundle {
  return { 'text/html': htmlOf(state, isLive), 'text/plain': textOfState(state) };
}

function htmlOf(state: LoopState, isLive: boolean): string {
  const head = `${escapeHtml(state.title)} <i>· ${state.time.toFixed(3)} s${isLive ? '' : ' · no longer live'}</i>`;
  const sections = state.sections.map((each) => {
    const lines = linesOf(each).map((line) => escapeHtml(cut(line, 300)));
    const list = lines.length === 0 ? '' : `<pre>${lines.join('\n')}</pre>`;
    return `<p>${each.title}: ${each.count}</p>${list}`;
  });
  return `<div class="tsloop-live">${STYLE}<b>${head}</b>${sections.join('')}</div>`;
}
