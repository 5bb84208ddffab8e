import { type EventLoop, getEventLoop, sleep } from 'tsloop';

function callback(n: number, loop: EventLoop): void {
  console.log(`callback ${n} invoked at ${loop.time().toFixed(9)}`);
}

async function main(loop: EventLoop): Promise<void> {
  const now = loop.time();
  console.log(`clock time: ${(Date.now() / 1000).toFixed(6)}`);
  console.log(`loop  time: ${now.toFixed(9)}`);

  console.log('registering callbacks');
  loop.callAt(now + 0.2, callback, 1, loop);
  loop.callAt(now + 0.1, callback, 2, loop);
  loop.callSoon(callback, 3, loop);

  await sleep(1);
}

const eventLoop = getEventLoop();
try {
  console.log('entering event loop');
  await eventLoop.runUntilComplete(main(eventLoop));
} finally {
  console.log('closing event loop');
  eventLoop.close();
}
