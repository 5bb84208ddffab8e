/**
 * Node's diagnostic reports, whose options are the whole process's: the front sets them to hear of fatal errors
 * (front/last-words.ts), and the runtime takes them back for whoever wants reports himself (runtime/own-reports.ts).
 */

/** `excludeEnv` and `excludeNetwork` are of newer versions of Node. */
export type Reports = NonNullable<typeof process.report> & { excludeEnv?: boolean; excludeNetwork?: boolean };

/** Linux opens a file also by the descriptors of the process. */
export const DESCRIPTORS = '/proc/self/fd';
/** The file elsewhere, in a folder of the kernel's. */
export const REPORT = 'report.json';

/** Whoever has set anything of the reports wants them himself. */
export function areReportsUnused(reports: Reports): boolean {
  return (
    reports.filename === '' &&
    reports.directory === '' &&
    !reports.reportOnFatalError &&
    !reports.reportOnSignal &&
    !reports.reportOnUncaughtException &&
    !reports.excludeEnv &&
    !reports.excludeNetwork
  );
}

/** Lets Node write into this file when the process is about to end. @param file of the front's */
export function useReports(reports: Reports, file: string): void {
  if ('excludeEnv' in reports) reports.excludeEnv = true;
  // Names of peers are asked for over the network: that may take long.
  if ('excludeNetwork' in reports) reports.excludeNetwork = true;
  reports.filename = file;
  reports.reportOnFatalError = true;
}

/** Whether they are as `useReports` leaves them. */
export function areReportsUsed(reports: Reports | undefined): reports is Reports {
  if (reports?.reportOnFatalError !== true) return false;
  const { filename } = reports;
  return filename.startsWith(`${DESCRIPTORS}/`) || /tsloop-[^/\\]+[/\\]report\.json$/.test(filename);
}

/** As Node has them, and as they were before `useReports`. */
export function resetReports(reports: Reports): void {
  reports.filename = '';
  reports.reportOnFatalError = false;
  if ('excludeNetwork' in reports) reports.excludeNetwork = false;
  if ('excludeEnv' in reports) reports.excludeEnv = false;
}
