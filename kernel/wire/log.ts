/** Where the kernel's own words go: the standard error that its process was started with. */
import fs from 'node:fs';

/** As it was before cells ran: on the main thread it leads into the notebook later. */
const { writeSync } = fs;

const STDERR = 2;

let descriptor = STDERR;

/** To be called by each thread when descriptor 2 leads to the notebook: what leads to where it led before. */
export function setLogDescriptor(fd: number): void {
  descriptor = fd;
}

/** Writes a line. Not by process.stderr, which leads into the notebook. */
export function log(text: string): void {
  try {
    writeSync(descriptor, `${text}\n`);
  } catch {
    // Nobody reads it any more; the kernel goes on.
  }
}
