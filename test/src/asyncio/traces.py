"""Small programs with asyncio's primitives, and what they say on CPython, for primitive-order.test.ts.

    python3 traces.py > traces.json

Each program runs under a virtual clock. Where a line begins with a number, that is the iteration of the
loop in which it was said; without timers, so that each wait is told exactly. Otherwise it is the time.
"""

import asyncio
import json

PROGRAMS = []


class VirtualLoop(asyncio.BaseEventLoop):
    """Nothing ever comes but the next deadline, and that comes at once."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._clock_resolution = 1e-9
        self._selector = self

    def time(self):
        return self.now

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError('deadlock')
        if timeout > 0:
            self.now = self._scheduled[0]._when
        return []

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class Log:
    def __init__(self, loop, counts):
        self.loop = loop
        self.counts = counts
        self.iteration = 0
        self.lines = []
        if counts:
            loop.call_soon(self.count)

    def count(self):
        self.iteration += 1
        self.loop.call_soon(self.count)

    def __call__(self, text):
        at = self.iteration if self.counts else f'{self.loop.time():g} s'
        self.lines.append(f'{at}: {text}'.replace('True', 'true').replace('False', 'false'))


def steps(program):
    """A program whose lines carry the iteration."""
    PROGRAMS.append((program, True))
    return program


def times(program):
    """A program whose lines carry the time."""
    PROGRAMS.append((program, False))
    return program


def name_of(error):
    if isinstance(error, BaseExceptionGroup):
        return f'{"+".join(name_of(each) for each in error.exceptions)} in a group'
    return f'Error({error})' if type(error) is Exception else type(error).__name__


async def pause(iterations):
    for _ in range(iterations):
        await asyncio.sleep(0)


async def attempt(log, name, awaitable):
    """Says how it ends."""
    try:
        result = await awaitable
    except BaseException as error:
        log(f'{name}: {name_of(error)}')
        raise
    log(f'{name}: {result if result is not None else "done"}')
    return result


def worker(log, name, iterations, error=None):
    async def work():
        log(f'{name} begins')
        try:
            await pause(iterations)
        except asyncio.CancelledError:
            log(f'{name} is cancelled')
            raise
        log(f'{name} ends')
        if error is not None:
            raise Exception(error)
        return name

    return work()


async def settle(tasks):
    await asyncio.wait(tasks)


def start(*coroutines):
    return [asyncio.create_task(each) for each in coroutines]


# ---- gather ----


@steps
async def gather_waits_for_all(log):
    result = await asyncio.gather(worker(log, 'a', 3), worker(log, 'b', 1), worker(log, 'c', 2))
    log(' '.join(result))


@steps
async def gather_of_nothing(log):
    log(str(len(await asyncio.gather())))


@steps
async def gather_with_a_done_future_before_a_coroutine(log):
    future = asyncio.get_running_loop().create_future()
    future.set_result('done')
    future.add_done_callback(lambda _: log('callback'))
    result = await asyncio.gather(future, worker(log, 'a', 0), future)
    log(' '.join(result))


@steps
async def gather_gives_the_first_error_at_once(log):
    try:
        await asyncio.gather(worker(log, 'a', 3), worker(log, 'b', 1, 'no'), worker(log, 'c', 2, 'never'))
    except Exception as error:
        log(name_of(error))
    await pause(4)


@steps
async def gather_collects_errors(log):
    tasks = start(worker(log, 'a', 3), worker(log, 'b', 1, 'no'), worker(log, 'c', 9))
    asyncio.get_running_loop().call_soon(tasks[2].cancel)
    result = await asyncio.gather(*tasks, return_exceptions=True)
    log(' '.join(each if isinstance(each, str) else name_of(each) for each in result))


@steps
async def gather_with_a_cancelled_child(log):
    tasks = start(worker(log, 'a', 5), worker(log, 'b', 5))
    gathered = asyncio.gather(*tasks)
    await pause(2)
    tasks[0].cancel()
    try:
        await gathered
    except asyncio.CancelledError:
        log(f'cancelled: {gathered.cancelled()}')
    await pause(4)


@steps
async def gather_cancelled_by_its_task(log):
    async def outer(collect):
        await asyncio.gather(worker(log, 'a', 9), worker(log, 'b', 9), return_exceptions=collect)

    for collect in (False, True):
        task = asyncio.create_task(attempt(log, 'outer', outer(collect)))
        await pause(3)
        log(f'cancel {task.cancel()}')
        await settle([task])
        log(f'task cancelled {task.cancelled()}')


@steps
async def gather_cancelled_when_all_children_are_done(log):
    tasks = start(worker(log, 'a', 1))
    gathered = asyncio.gather(*tasks)
    await settle(tasks)
    log(f'cancel {gathered.cancel()} done {gathered.done()}')
    log(' '.join(await gathered))
    log(f'cancel {gathered.cancel()}')


# ---- wait, waitFor, shield, asCompleted ----


@steps
async def wait_for_all(log):
    tasks = start(worker(log, 'a', 2), worker(log, 'b', 0))
    done, pending = await asyncio.wait(tasks)
    log(f'{len(done)} {len(pending)}')
    done, pending = await asyncio.wait(tasks)
    log(f'again {len(done)} {len(pending)}')


@steps
async def wait_for_the_first(log):
    tasks = start(worker(log, 'a', 3), worker(log, 'b', 1), worker(log, 'c', 1))
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    log(f'{len(done)} {len(pending)}')
    await settle(tasks)


@steps
async def wait_for_the_first_error(log):
    tasks = start(worker(log, 'a', 9), worker(log, 'b', 2, 'no'), worker(log, 'c', 9))
    await pause(1)
    tasks[2].cancel()
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    log(f'{len(done)} {len(pending)}')
    log(name_of(tasks[1].exception()))
    await settle(tasks)


@times
async def wait_with_a_timeout(log):
    async def slow():
        await asyncio.sleep(5)

    tasks = start(slow(), slow())
    for timeout in (1, 0, 9):
        done, pending = await asyncio.wait(tasks, timeout=timeout)
        log(f'{len(done)} {len(pending)}')


@steps
async def wait_for_in_time(log):
    log(await asyncio.wait_for(worker(log, 'a', 1), 10))
    log(await asyncio.wait_for(worker(log, 'b', 1), None))
    future = asyncio.get_running_loop().create_future()
    future.set_result('done')
    log(await asyncio.wait_for(future, 0))
    log(await asyncio.wait_for(future, 10))


@steps
async def wait_for_no_time(log):
    for timeout in (0, -1):
        try:
            await asyncio.wait_for(worker(log, 'never', 1), timeout)
        except TimeoutError as error:
            log(f'{name_of(error)} because of {name_of(error.__cause__)}')


@times
async def wait_for_too_long(log):
    async def inner(ending):
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            log('inner is cancelled')
            await asyncio.sleep(2)
            log('inner has cleaned up')
            if ending == 'swallows':
                return 'swallowed'
            if ending == 'fails':
                raise Exception('in the clean-up')
            raise

    for ending in ('obeys', 'swallows', 'fails'):
        try:
            await attempt(log, ending, asyncio.wait_for(inner(ending), 3))
        except Exception:
            pass


@steps
async def wait_for_that_is_cancelled(log):
    async def inner(ending):
        try:
            await pause(9)
        except asyncio.CancelledError:
            log('inner is cancelled')
            await pause(2)
            log('inner has cleaned up')
            if ending == 'swallows':
                return 'swallowed'
            raise

    for ending in ('obeys', 'swallows'):
        task = asyncio.create_task(attempt(log, ending, asyncio.wait_for(inner(ending), 10)))
        await pause(3)
        task.cancel()
        await settle([task])


@steps
async def wait_for_that_is_cancelled_when_done(log):
    future = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(attempt(log, 'outer', asyncio.wait_for(future, 10)))
    await pause(2)
    future.set_result('result')
    task.cancel()
    await settle([task])


@steps
async def shield_of_a_task(log):
    inner = asyncio.create_task(worker(log, 'inner', 6))

    async def outer():
        await asyncio.shield(inner)

    task = asyncio.create_task(attempt(log, 'outer', outer()))
    await pause(2)
    task.cancel()
    await settle([task])
    log(await inner)
    log(f'the same {asyncio.shield(inner) is inner}')


@steps
async def shield_whose_inner_is_cancelled(log):
    inner = asyncio.create_task(worker(log, 'inner', 6))
    outer = asyncio.shield(inner)
    await pause(2)
    inner.cancel()
    try:
        await outer
    except asyncio.CancelledError:
        log(f'{outer.cancelled()}')


@steps
async def as_completed_in_order(log):
    tasks = start(worker(log, 'a', 3), worker(log, 'b', 1), worker(log, 'c', 1))
    for each in asyncio.as_completed(tasks):
        log(await each)


@times
async def as_completed_with_a_timeout(log):
    async def slow(name, delay):
        await asyncio.sleep(delay)
        return name

    tasks = start(slow('a', 1), slow('b', 9), slow('c', 9))
    for each in asyncio.as_completed(tasks, timeout=4):
        try:
            log(await each)
        except TimeoutError:
            log('TimeoutError')


# ---- timeout ----


@times
async def timeout_that_is_met(log):
    async def body(delay, limit):
        try:
            async with asyncio.timeout(limit) as scope:
                try:
                    await asyncio.sleep(delay)
                except asyncio.CancelledError:
                    log(f'cancelling {asyncio.current_task().cancelling()}')
                    raise
        except TimeoutError as error:
            log(f'because of {name_of(error.__cause__)}')
        log(f'expired {scope.expired()} cancelling {asyncio.current_task().cancelling()}')

    await body(1, 2)
    await body(2, 1)
    await body(2, None)
    await body(0, 0)
    await body(1, -1)


@times
async def timeouts_in_each_other(log):
    for outer_limit, inner_limit in ((1, 2), (2, 1), (1, 1)):
        outer = asyncio.timeout(outer_limit)
        inner = asyncio.timeout(inner_limit)
        try:
            async with outer:
                try:
                    async with inner:
                        await asyncio.sleep(10)
                except BaseException as error:
                    log(f'inner {name_of(error)}')
                    raise
        except BaseException as error:
            log(f'outer {name_of(error)}')
        log(f'{outer.expired()} {inner.expired()}')


@times
async def timeout_that_is_moved(log):
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(1) as scope:
            scope.reschedule(loop.time() + 5)
            await asyncio.sleep(3)
            log('still there')
            scope.reschedule(loop.time() - 1)
            log(f'expired {scope.expired()}')
            await asyncio.sleep(3)
    except TimeoutError:
        log('TimeoutError')


@times
async def timeout_and_a_cancel_from_elsewhere(log):
    async def body():
        async with asyncio.timeout(1):
            await asyncio.sleep(10)

    for moment in (0.5, 1):
        task = asyncio.create_task(attempt(log, f'at {moment:g}', body()))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(moment, task.cancel)
        await settle([task])
        log(f'cancelled {task.cancelled()} cancelling {task.cancelling()}')


@times
async def timeout_whose_cancellation_is_swallowed(log):
    async with asyncio.timeout(1) as scope:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log('swallowed')
    log(f'expired {scope.expired()} cancelling {asyncio.current_task().cancelling()}')
    try:
        async with asyncio.timeout(1):
            try:
                await asyncio.sleep(10)
            finally:
                raise Exception('another')
    except Exception as error:
        log(name_of(error))


# ---- TaskGroup ----


@steps
async def group_waits_for_its_tasks(log):
    async with asyncio.TaskGroup() as group:
        a = group.create_task(worker(log, 'a', 3))
        group.create_task(worker(log, 'b', 1))
        log('body ends')
    log(a.result())
    async with asyncio.TaskGroup() as group:
        log('nothing')
    log('no wait')


@steps
async def group_whose_task_fails(log):
    async def body():
        async with asyncio.TaskGroup() as group:
            group.create_task(worker(log, 'a', 9))
            group.create_task(worker(log, 'b', 1, 'no'))
            await pause(9)
            log('never')

    try:
        await body()
    except BaseException as error:
        log(name_of(error))
    log(f'cancelling {asyncio.current_task().cancelling()}')
    await pause(1)
    log('goes on')


@steps
async def group_whose_task_fails_after_the_body(log):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker(log, 'a', 9))
            group.create_task(worker(log, 'b', 2, 'no'))
            group.create_task(worker(log, 'c', 2, 'neither'))
    except BaseException as error:
        log(name_of(error))


@steps
async def group_whose_body_fails(log):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker(log, 'a', 9))
            await pause(1)
            raise Exception('body')
    except BaseException as error:
        log(name_of(error))


@steps
async def group_whose_parent_is_cancelled(log):
    async def cleaner():
        try:
            await pause(9)
        finally:
            await pause(2)
            log('cleaned up')

    async def parent(waits):
        async with asyncio.TaskGroup() as group:
            group.create_task(worker(log, 'a', 9))
            group.create_task(cleaner())
            if waits:
                await pause(9)

    for waits in (False, True):
        task = asyncio.create_task(attempt(log, 'parent', parent(waits)))
        await pause(3)
        task.cancel()
        await pause(1)
        task.cancel()
        await settle([task])
        log(f'cancelled {task.cancelled()} cancelling {task.cancelling()}')


@steps
async def group_whose_task_fails_while_it_is_cancelled(log):
    async def fails():
        try:
            await pause(9)
        finally:
            raise Exception('clean-up')

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())

    task = asyncio.create_task(attempt(log, 'parent', parent()))
    await pause(3)
    task.cancel()
    await settle([task])
    log(f'cancelled {task.cancelled()}')


@steps
async def groups_in_each_other(log):
    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(worker(log, 'a', 9))
            async with asyncio.TaskGroup() as inner:
                inner.create_task(worker(log, 'b', 2, 'inner'))
                inner.create_task(worker(log, 'c', 9))
    except BaseException as error:
        log(name_of(error))


# ---- Lock, Event, Condition, Semaphore, Barrier ----


def holder(log, lock, name, iterations):
    async def hold():
        async with lock:
            log(f'{name} has it')
            await pause(iterations)
            log(f'{name} gives it back')
        log(f'{name} is over')

    return attempt(log, name, hold())


@steps
async def lock_is_handed_over_in_order(log):
    lock = asyncio.Lock()
    tasks = start(*(holder(log, lock, name, 1) for name in 'abc'))
    await settle(tasks)
    log(str(await lock.acquire()))


@steps
async def lock_is_not_taken_by_who_did_not_wait(log):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = start(holder(log, lock, 'waiter', 0))
    await pause(1)
    lock.release()
    log(f'locked {lock.locked()}')
    await lock.acquire()
    log('back')
    lock.release()
    await settle(tasks)


@steps
async def lock_whose_waiters_are_cancelled(log):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = start(*(holder(log, lock, name, 1) for name in 'abc'))
    await pause(1)
    tasks[1].cancel()
    await pause(1)
    lock.release()
    tasks[0].cancel()
    await settle(tasks)
    log(f'locked {lock.locked()}')


@steps
async def lock_released_and_cancelled_at_once(log):
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = start(holder(log, lock, 'a', 0))
    await pause(1)
    tasks[0].cancel()
    lock.release()
    log(f'locked {lock.locked()}')
    tasks += start(holder(log, lock, 'b', 0))
    await settle(tasks)
    log(f'locked {lock.locked()}')


@steps
async def event_wakes_all(log):
    event = asyncio.Event()

    async def wait(name):
        log(f'{name} {await event.wait()}')

    tasks = start(wait('a'), wait('b'))
    await pause(2)
    event.set()
    event.clear()
    tasks += start(wait('late'))
    await pause(4)
    event.set()
    await settle(tasks)
    await event.wait()
    log('no wait')


@steps
async def event_whose_waiter_is_cancelled(log):
    event = asyncio.Event()
    tasks = start(attempt(log, 'a', event.wait()), attempt(log, 'b', event.wait()))
    await pause(1)
    event.set()
    tasks[0].cancel()
    await settle(tasks)


@steps
async def event_set_when_its_waiter_is_cancelled_already(log):
    event = asyncio.Event()
    tasks = start(attempt(log, 'a', event.wait()), attempt(log, 'b', event.wait()))
    await pause(1)
    tasks[0].cancel()
    event.set()
    await settle(tasks)


@steps
async def condition_wakes_some(log):
    condition = asyncio.Condition()

    async def wait(name):
        async with condition:
            result = await condition.wait()
            log(f'{name} {result} {condition.locked()}')
            await pause(1)

    tasks = start(*(wait(name) for name in 'abcd'))
    await pause(1)
    async with condition:
        condition.notify(2)
        await pause(2)
        log('leaves')
    await pause(9)
    async with condition:
        condition.notify_all()
    await settle(tasks)


@steps
async def condition_with_a_predicate(log):
    condition = asyncio.Condition()
    value = 0

    async def wait(name, wanted):
        async with condition:
            log(f'{name} {await condition.wait_for(lambda: value >= wanted and value)}')

    tasks = start(wait('none', 0 - 1), wait('two', 2), wait('one', 1))
    for _ in range(3):
        await pause(4)
        async with condition:
            value += 1
            condition.notify_all()
    await settle(tasks)


@steps
async def condition_whose_waiter_is_cancelled(log):
    condition = asyncio.Condition()

    async def wait(name):
        async with condition:
            try:
                await condition.wait()
            finally:
                log(f'{name} locked {condition.locked()}')

    tasks = start(attempt(log, 'a', wait('a')), attempt(log, 'b', wait('b')))
    await pause(2)
    await condition.acquire()
    tasks[0].cancel()
    await pause(3)
    tasks[0].cancel()
    await pause(3)
    condition.notify()
    log('gives it back')
    condition.release()
    await settle(tasks)


@steps
async def condition_whose_waiter_is_cancelled_on_its_way_to_the_lock(log):
    condition = asyncio.Condition()

    async def wait(name):
        async with condition:
            try:
                log(f'{name} {await condition.wait()}')
            finally:
                log(f'{name} locked {condition.locked()}')

    tasks = start(attempt(log, 'a', wait('a')), attempt(log, 'b', wait('b')))
    await pause(1)
    async with condition:
        condition.notify_all()
        await pause(2)
        tasks[0].cancel()
        await pause(2)
        log('gives it back')
    await settle(tasks)


@steps
async def semaphore_lets_some_through(log):
    semaphore = asyncio.Semaphore(2)
    tasks = start(*(holder(log, semaphore, name, 2) for name in 'abcde'))
    await settle(tasks)
    log(f'locked {semaphore.locked()}')


@steps
async def semaphore_is_not_taken_by_who_did_not_wait(log):
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()
    tasks = start(holder(log, semaphore, 'a', 1), holder(log, semaphore, 'b', 1))
    await pause(1)
    semaphore.release()
    log(f'locked {semaphore.locked()}')
    await semaphore.acquire()
    log('back')
    semaphore.release()
    await settle(tasks)


@steps
async def semaphore_whose_woken_waiter_is_cancelled(log):
    semaphore = asyncio.Semaphore(0)
    tasks = start(*(holder(log, semaphore, name, 0) for name in 'abc'))
    await pause(1)
    tasks[1].cancel()
    semaphore.release()
    tasks[0].cancel()
    await pause(6)
    log(f'locked {semaphore.locked()}')
    semaphore.release()
    await settle(tasks)


@steps
async def semaphore_released_several_times(log):
    semaphore = asyncio.Semaphore(0)
    tasks = start(*(attempt(log, name, semaphore.acquire()) for name in 'abc'))
    await pause(1)
    for _ in range(4):
        semaphore.release()
    await settle(tasks)
    log(f'locked {semaphore.locked()}')


@steps
async def semaphore_released_before_the_next_comes(log):
    semaphore = asyncio.Semaphore(0)
    tasks = start(attempt(log, 'a', semaphore.acquire()))
    await pause(1)
    semaphore.release()
    semaphore.release()
    log(f'locked {semaphore.locked()}')
    await attempt(log, 'late', semaphore.acquire())
    await settle(tasks)
    log(f'locked {semaphore.locked()}')


@steps
async def barrier_in_rounds(log):
    barrier = asyncio.Barrier(2)

    async def party(name):
        for turn in range(2):
            log(f'{name} comes')
            index = await barrier.wait()
            log(f'{name} passes {turn} as {index}')

    tasks = start(*(party(name) for name in 'abcd'))
    await settle(tasks)
    log(f'{barrier.n_waiting} {barrier.broken}')


@steps
async def barrier_that_is_reset(log):
    barrier = asyncio.Barrier(3)
    tasks = start(attempt(log, 'a', barrier.wait()), attempt(log, 'b', barrier.wait()))
    await pause(2)
    log(f'waiting {barrier.n_waiting}')
    await barrier.reset()
    log(f'reset, waiting {barrier.n_waiting}')
    await settle(tasks)
    tasks = start(*(attempt(log, name, barrier.wait()) for name in 'cde'))
    await settle(tasks)


@steps
async def barrier_that_is_aborted(log):
    barrier = asyncio.Barrier(2)
    tasks = start(attempt(log, 'a', barrier.wait()))
    await pause(2)
    await barrier.abort()
    log(f'broken {barrier.broken}')
    tasks += start(attempt(log, 'b', barrier.wait()))
    await settle(tasks)
    await barrier.reset()
    log(f'broken {barrier.broken}')


@steps
async def barrier_whose_waiter_is_cancelled(log):
    barrier = asyncio.Barrier(2)
    tasks = start(attempt(log, 'a', barrier.wait()))
    await pause(2)
    tasks[0].cancel()
    await pause(3)
    log(f'waiting {barrier.n_waiting}')
    tasks += start(attempt(log, 'b', barrier.wait()), attempt(log, 'c', barrier.wait()))
    await settle(tasks)


# ---- Queue ----


@steps
async def queue_between_producer_and_consumers(log):
    queue = asyncio.Queue(1)

    async def produce():
        for item in 'abcd':
            await queue.put(item)
            log(f'put {item}')

    async def consume(name):
        for _ in range(2):
            log(f'{name} got {await queue.get()}')
            await pause(1)

    await settle(start(produce(), consume('x'), consume('y')))


@steps
async def queue_whose_getters_are_cancelled(log):
    queue = asyncio.Queue()
    tasks = start(*(attempt(log, name, queue.get()) for name in 'xyz'))
    await pause(1)
    tasks[1].cancel()
    queue.put_nowait('item')
    tasks[0].cancel()
    await pause(4)
    log(f'size {queue.qsize()}')
    queue.put_nowait('more')
    await settle(tasks)
    log(f'size {queue.qsize()}')


@steps
async def queue_whose_putters_are_cancelled(log):
    queue = asyncio.Queue(1)
    queue.put_nowait('first')
    tasks = start(*(attempt(log, name, queue.put(name)) for name in 'abc'))
    await pause(1)
    tasks[1].cancel()
    log(f'got {queue.get_nowait()}')
    tasks[0].cancel()
    await pause(4)
    log(f'size {queue.qsize()}')
    await settle(tasks)
    log(f'got {queue.get_nowait()}')


@steps
async def queue_whose_item_is_taken_by_somebody_else(log):
    queue = asyncio.Queue()
    tasks = start(attempt(log, 'x', queue.get()))
    await pause(1)
    queue.put_nowait('item')
    log(f'got {queue.get_nowait()}')
    await pause(3)
    queue.put_nowait('second')
    await settle(tasks)


@steps
async def queue_whose_room_is_taken_by_somebody_else(log):
    queue = asyncio.Queue(1)
    queue.put_nowait('first')
    tasks = start(attempt(log, 'x', queue.put('second')))
    await pause(1)
    log(f'got {queue.get_nowait()}')
    queue.put_nowait('other')
    await pause(3)
    log(f'got {queue.get_nowait()}')
    await settle(tasks)
    log(f'size {queue.qsize()}')


@steps
async def queue_whose_cancelled_getter_wakes_nobody(log):
    queue = asyncio.Queue()
    tasks = start(*(attempt(log, name, queue.get()) for name in 'xyz'))
    await pause(1)
    tasks[0].cancel()
    queue.put_nowait('one')
    tasks += start(attempt(log, 'late', queue.get()))
    await pause(4)
    queue.put_nowait('two')
    queue.put_nowait('three')
    await settle(tasks)


@steps
async def queue_that_is_joined(log):
    queue = asyncio.Queue()
    await queue.join()
    log('nothing to wait for')

    async def consume():
        while True:
            item = await queue.get()
            await pause(1)
            log(f'did {item}')
            queue.task_done()

    tasks = start(consume())
    for item in 'ab':
        queue.put_nowait(item)
    await queue.join()
    log('joined')
    tasks[0].cancel()
    await settle(tasks)


def run(program, counts):
    loop = VirtualLoop()
    log = Log(loop, counts)
    # The unretrieved errors of tasks are not what these programs are about.
    loop.set_exception_handler(lambda *_: None)
    try:
        loop.run_until_complete(program(log))
    except BaseException as error:
        log(f'main: {name_of(error)}')
    loop.close()
    return log.lines


if __name__ == '__main__':
    traces = {program.__name__: run(program, counts) for program, counts in PROGRAMS}
    print(json.dumps(traces, indent=2))
