/** tsloop/testing: virtual time for the tests of code that runs on a loop. All times are in seconds. */
export {
  VirtualClock,
  VirtualDriver,
  virtualTime,
  type VirtualDriverOptions,
  type VirtualTime,
  type VirtualTimeOptions,
} from './virtual-time.ts';
export { DeadlockError } from './deadlock.ts';
