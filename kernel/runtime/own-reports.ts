/**
 * The front hears of fatal errors by the file of Node's reports (front/last-words.ts). Whoever uses `process.report`
 * himself finds it as Node has it, and gets his reports where Node writes them.
 */
import { areReportsUsed, type Reports, resetReports } from '../shared/reports.ts';

/** Takes the options back before the first use of any of them. */
function giveWay(reports: Reports): void {
  const own = Object.getOwnPropertyDescriptors(reports) as unknown as Record<string, PropertyDescriptor>;
  // Asked by libraries that want to know which C library there is; it writes nothing.
  delete own['getReport'];
  const takeBack = (): void => {
    Object.defineProperties(reports, own);
    resetReports(reports);
  };
  for (const [name, { enumerable }] of Object.entries(own)) {
    Object.defineProperty(reports, name, {
      configurable: true,
      enumerable: enumerable ?? true,
      get: () => {
        takeBack();
        return Reflect.get(reports, name) as unknown;
      },
      set: (value: unknown) => {
        takeBack();
        Reflect.set(reports, name, value);
      },
    });
  }
}

/** To be called once, on the main thread. Costs nothing before somebody looks at `process.report`. */
export function yieldReports(): void {
  const own = Object.getOwnPropertyDescriptor(process, 'report');
  if (!own?.configurable) return;
  Object.defineProperty(process, 'report', {
    configurable: true,
    enumerable: own.enumerable ?? true,
    get: () => {
      const reports = Reflect.apply(own.get ?? (() => own.value as unknown), process, []) as
        | Reports
        | undefined;
      // Libraries of the kernel's own look as well, maybe before the front has set anything.
      if (!areReportsUsed(reports)) return reports;
      Object.defineProperty(process, 'report', own);
      giveWay(reports);
      return reports;
    },
  });
}
