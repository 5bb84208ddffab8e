/**
 * `tsloop/widgets`: progress bars, controls and front ends of one's own, shown in the clients of a kernel.
 *
 *     import { progress, slider } from 'tsloop/widgets';
 *     for (const file of progress(files)) await read(file);
 */
export { anywidget, type AnyWidget, type FrontEnd } from './anywidget.ts';
export { box, type Box, hbox, vbox } from './box.ts';
export {
  button,
  type Button,
  type ButtonOptions,
  checkbox,
  type CheckboxOptions,
  type Choices,
  dropdown,
  type DropdownOptions,
  slider,
  type SliderOptions,
  text,
  type TextOptions,
} from './controls.ts';
export { type Controls, interact } from './interact.ts';
export { output, type Output } from './output.ts';
export { progress, progressBar, type ProgressBar, type ProgressOptions } from './progress.ts';
export type { LayoutOptions, StyleOptions, ValueWidget, Widget, WidgetOptions } from './widget.ts';
