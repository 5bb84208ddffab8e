import { type EventLoop, getEventLoop, sleep } from 'tsloop';

function callback(n: number): void {
  console.log(`callback ${n} invoked`);
}

async function main(loop: EventLoop): Promise<void> {
  console.log('registering callbacks');
  loop.callLater(0.2, callback, 1);
  loop.callLater(0.1, callback, 2);
  loop.callSoon(callback, 3);

  await sleep(0.4);
}

const eventLoop = getEventLoop();
try {
  console.log('entering event loop');
  await eventLoop.runUntilComplete(main(eventLoop));
} finally {
  console.log('closing event loop');
  eventLoop.close();
}
