/** Widgets of the kernel's own magics: an anywidget, as they see it. */
import type { FrontEnd, PageWidget } from '../magics/magic.ts';
import { anywidget } from './anywidget.ts';
import { hasWidgets } from './model.ts';

/** Opens a widget in the clients that know of widgets. Undefined where these are off. */
export function pageWidget(frontEnd: FrontEnd): PageWidget | undefined {
  if (!hasWidgets()) return undefined;
  const widget = anywidget<Record<string, unknown>>(frontEnd);
  const { 'text/plain': _text, ...view } = widget.bundle();
  return {
    view: view as PageWidget['view'],
    set: (values) => widget.set(values),
    onMessage: (handler) => void widget.on('msg:custom', handler),
    onChange: (name, handler) => void widget.on(`change:${name}`, handler),
    onClose: (handler) => widget.model.onClose(handler),
    close: () => widget.close(),
  };
}
