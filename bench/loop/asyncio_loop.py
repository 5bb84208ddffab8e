"""What is measured of asyncio, the counterpart of tsloop.ts: `python asyncio_loop.py NAME [uvloop]`."""

import asyncio
import gc
import json
import resource
import sys
import time
import tracemalloc

CHAIN = 200_000
BATCH = 1_000_000
TASKS = 30_000
WAITS = 220
COLD_WAITS = 20
FEW_RUNS = 31


class VirtualSelector:
    def __init__(self, loop):
        self.loop = loop

    def select(self, timeout):
        if timeout is None or timeout > 0:
            self.loop.now = self.loop._scheduled[0]._when
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._clock_resolution = 1e-9
        self._selector = VirtualSelector(self)

    def time(self):
        return self.now

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


def nanoseconds(count, work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e9 / count


def nothing():
    pass


def run_chain(loop, count):
    left = count

    def step():
        nonlocal left
        left -= 1
        if left > 0:
            loop.call_soon(step)
        else:
            loop.stop()

    loop.call_soon(step)
    loop.run_forever()


def run_batch(loop, count):
    for _ in range(count):
        loop.call_soon(nothing)
    loop.call_soon(loop.stop)
    loop.run_forever()


def deadlines(count):
    state = 1
    for _ in range(count):
        state = state * 48271 % 2147483647
        yield state / 2147483647 * 1000


def run_timers(count):
    delays = list(deadlines(count))
    loop = VirtualLoop()

    def work():
        handles = [loop.call_later(delay, nothing) for delay in delays]
        for handle in handles[::2]:
            handle.cancel()
        loop.call_later(1001, loop.stop)
        loop.run_forever()

    return nanoseconds(count, work)


async def one():
    await asyncio.sleep(0)


async def run_tasks(loop, count):
    for _ in range(count):
        await loop.create_task(one())


async def run_sleeps(count):
    for _ in range(count):
        await asyncio.sleep(0)


def chain(loop):
    run_chain(loop, CHAIN // 10)
    return {'ns': nanoseconds(CHAIN, lambda: run_chain(loop, CHAIN))}


def batch(loop):
    run_batch(loop, BATCH // 10)
    return {'ns': nanoseconds(BATCH, lambda: run_batch(loop, BATCH))}


def tasks(loop):
    loop.run_until_complete(run_tasks(loop, TASKS // 10))
    return {'ns': nanoseconds(TASKS, lambda: loop.run_until_complete(run_tasks(loop, TASKS)))}


def sleeps(loop):
    count = TASKS * 4
    loop.run_until_complete(run_sleeps(TASKS))
    return {'ns': nanoseconds(count, lambda: loop.run_until_complete(run_sleeps(count)))}


def timers(loop):
    few = sorted(run_timers(10_000) for _ in range(FEW_RUNS))[FEW_RUNS // 2]
    return {'ns': run_timers(1_000_000), 'few': few}


def timer_memory(loop):
    virtual = VirtualLoop()
    delays = list(deadlines(200_000))
    gc.collect()
    tracemalloc.start()
    for delay in delays:
        virtual.call_later(delay, nothing)
    return {'bytes': tracemalloc.get_traced_memory()[0] / len(delays)}


def lateness(loop):
    late = []
    usage = start = None

    def cpu():
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    for wait in range(WAITS):
        if wait == COLD_WAITS:
            usage, start = cpu(), time.perf_counter()
        due = loop.time() + 0.001 + (wait * 7919) % 49_000 / 1e6
        called = []

        def call():
            called.append(loop.time())
            loop.stop()

        loop.call_at(due, call)
        loop.run_forever()
        if wait >= COLD_WAITS:
            late.append((called[0] - due) * 1e6)
    percent = (cpu() - usage) * 100 / (time.perf_counter() - start)
    late.sort()
    at = lambda share: late[min(len(late) - 1, int(len(late) * share))]
    return {'p50': at(0.5), 'p99': at(0.99), 'early': sum(each < -1 for each in late), 'cpu': percent}


MEASUREMENTS = {
    'chain': chain,
    'batch': batch,
    'tasks': tasks,
    'sleeps': sleeps,
    'timers': timers,
    'timerMemory': timer_memory,
    'lateness': lateness,
}

if len(sys.argv) > 2 and sys.argv[2] == 'uvloop':
    import uvloop

    made = uvloop.new_event_loop()
else:
    made = asyncio.new_event_loop()
asyncio.set_event_loop(made)
print(json.dumps(MEASUREMENTS[sys.argv[1]](made)))
