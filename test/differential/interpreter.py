"""Runs programs of the differential test (program.ts) on CPython's asyncio, under a virtual clock.

Reads one program a line (JSON) from the standard input and answers each with a line: the list of what the
program has said. The first line it writes says which Python this is.

Where asyncio leaves an order open, it is the one that tsloop promises:
- timers with equal deadlines run in the order in which they were made (asyncio: as the heap has it);
- a task group cancels its children in the order in which they were made (asyncio: as a set has it).
- as_completed gives futures that were done before in the order of a set: it is never given two of them.
What seems to be an oversight is left out here:
- a run that is stopped in the very iteration in which what it waits for ends leaves a callback behind, which
  stops the next run;
- code that leaves as_completed early leaves its timer behind, for which a virtual clock would wait.
A third one is allowed for where the traces are compared (compare.ts):
- the error of a cancelled task has lost its message when it is asked for a second time.
"""

import asyncio
import gc
import heapq
import json
import sys
import warnings

TICKS_PER_SECOND = 64
STATEMENT_LIMIT = 400
LONGEST_RUNS = 6
CLEANUPS = 4


class Oops(Exception):
    """The error that programs raise."""


class Deadlock(BaseException):
    """Nothing is ready and nothing is due: asyncio would wait for ever."""


class OrderedTimer(asyncio.TimerHandle):
    __slots__ = ('number',)

    def __lt__(self, other):
        return (self._when, self.number) < (other._when, other.number)


class OrderedSet(dict):
    def add(self, item):
        self[item] = None

    def discard(self, item):
        self.pop(item, None)


class VirtualSelector:
    """Where asyncio waits for I/O: nothing ever comes but the next deadline, and that comes at once."""

    def __init__(self, loop):
        self.loop = loop

    def select(self, timeout):
        if timeout is None:
            raise Deadlock
        if timeout > 0:
            self.loop.now = self.loop._scheduled[0]._when
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._clock_resolution = 1e-9
        self._selector = VirtualSelector(self)
        self.timers = 0

    def time(self):
        return self.now

    def call_at(self, when, callback, *args, context=None):
        self._check_closed()
        timer = OrderedTimer(when, callback, args, self, context)
        timer.number = self.timers
        self.timers += 1
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def call_later(self, delay, callback, *args, context=None):
        return self.call_at(self.now + delay, callback, *args, context=context)

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


ERRORS = (
    (asyncio.InvalidStateError, 'InvalidState'),
    (TimeoutError, 'Timeout'),
    (asyncio.TimeoutError, 'Timeout'),
    (asyncio.QueueEmpty, 'QueueEmpty'),
    (asyncio.QueueFull, 'QueueFull'),
    (asyncio.BrokenBarrierError, 'BrokenBarrier'),
    (ValueError, 'Value'),
    (TypeError, 'Type'),
    (RuntimeError, 'Runtime'),
)


def show_error(error):
    if isinstance(error, Oops):
        return f'Oops({error.args[0]})'
    if isinstance(error, asyncio.CancelledError):
        # gather makes an empty message of none.
        message = error.args[0] if error.args else None
        return 'Cancelled' if message in (None, '') else f'Cancelled({message})'
    if isinstance(error, BaseExceptionGroup):
        return f'Group[{", ".join(map(show_error, error.exceptions))}]'
    for kind, name in ERRORS:
        if isinstance(error, kind):
            return name
    return f'{type(error).__name__}: {error}'


def show(value):
    if value is None:
        return 'none'
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (list, tuple)):
        return f'[{", ".join(map(show, value))}]'
    if isinstance(value, BaseException):
        return show_error(value)
    return str(value)


def seconds(ticks):
    return None if ticks is None else ticks / TICKS_PER_SECOND


class Context:
    """A coroutine that runs: its name, and the timeouts and groups it is in, innermost last."""

    def __init__(self, label):
        self.label = label
        self.timeouts = []
        self.groups = []


class Interpreter:
    def __init__(self, program):
        self.program = program
        self.lines = []
        self.loop = VirtualLoop()
        self.slots = [None] * program['slots']
        self.handles = [None] * program['handles']
        self.variables = [0] * program['variables']
        self.locks = [asyncio.Lock() for _ in range(program['locks'])]
        self.semaphores = [
            (asyncio.BoundedSemaphore if each['bounded'] else asyncio.Semaphore)(each['value'])
            for each in program['semaphores']
        ]
        self.events = [asyncio.Event() for _ in range(program['events'])]
        self.conditions = [asyncio.Condition() for _ in range(program['conditions'])]
        kinds = {'fifo': asyncio.Queue, 'lifo': asyncio.LifoQueue, 'priority': asyncio.PriorityQueue}
        self.queues = [kinds[each['kind']](each['size']) for each in program['queues']]
        self.barriers = [asyncio.Barrier(parties) for parties in program['barriers']]
        # In the order in which they were first seen. Nothing is dropped while the program runs: what is
        # collected then would depend on the collector.
        self.tasks = {}
        self.kept = []
        self.labels = {}
        self.statements = 0
        self.over = False

    def log(self, label, text):
        if not self.over:
            self.lines.append(f'{int(self.loop.time() * TICKS_PER_SECOND)} {label} {text}')

    def new_label(self, kind):
        self.labels[kind] = self.labels.get(kind, 0) + 1
        return f'{kind}{self.labels[kind]}'

    def keep(self, thing):
        self.kept.append(thing)
        return thing

    def register(self, task, label):
        if task is not None:
            self.tasks.setdefault(task, label)

    # ---- The whole ----

    def run(self):
        self.loop.set_exception_handler(self.handle_exception)
        main = self.loop.create_task(self.body(0, 'main'), name='main')
        self.register(main, 'main')
        for _ in range(LONGEST_RUNS):
            if not self.run_until(main, 'run'):
                break
        for _ in range(CLEANUPS):
            pending = [task for task in self.tasks if not task.done()]
            if not pending:
                break
            self.log('cleanup', ', '.join(self.tasks[task] for task in pending))
            for task in pending:
                task.cancel()
            self.run_until(self.keep(self.loop.create_task(asyncio.wait(pending))), 'cleanup')
        for task, label in self.tasks.items():
            self.log('final', f'{label} {self.state(task)}')
        self.over = True
        return self.lines

    def run_until(self, task, label):
        """Returns true if it was stopped before the task was done."""
        try:
            value = self.loop.run_until_complete(task)
        except Deadlock:
            self.log(label, 'deadlock')
        except BaseException as error:
            if not task.done():
                self.log(label, 'stopped')
                return True
            self.log(label, f'raises {show_error(error)}')
        else:
            self.log(label, f'gives {show(value) if label == "run" else "none"}')
        finally:
            for handle in self.loop._ready:
                if handle._callback is asyncio.base_events._run_until_complete_cb:
                    handle.cancel()
        return False

    def handle_exception(self, loop, context):
        if context['message'].startswith('Exception in callback'):
            self.log('handler', show_error(context['exception']))

    def state(self, future):
        if not future.done():
            text = 'pending'
        elif future.cancelled():
            text = 'cancelled'
        elif future.exception() is not None:
            text = f'failed {show_error(future.exception())}'
        else:
            text = f'finished {show(future.result())}'
        return f'{text} cancelling {future.cancelling()}' if isinstance(future, asyncio.Task) else text

    # ---- Coroutines ----

    async def body(self, index, label):
        self.register(asyncio.current_task(), label)
        self.log(label, 'starts')
        try:
            returned = await self.block(self.program['bodies'][index], Context(label))
        except BaseException as error:
            self.log(label, f'raises {show_error(error)}')
            raise
        value = returned[0] if returned is not None else None
        self.log(label, f'returns {show(value)}')
        return value

    async def block(self, statements, context):
        """Returns a tuple of the value if it has come to a return."""
        for statement in statements:
            returned = await self.statement(statement, context)
            if returned is not None:
                return returned
        return None

    def count(self):
        self.statements += 1
        if self.statements > STATEMENT_LIMIT:
            raise Oops(-1)

    async def statement(self, statement, context):
        op = statement['op']
        perform = getattr(self, f'do_{op}', None)
        if perform is None:
            self.immediate(statement, context.label)
            return None
        self.count()
        return await perform(statement, context)

    async def do_return(self, s, context):
        return (s['value'],)

    async def do_repeat(self, s, context):
        for _ in range(s['times']):
            returned = await self.block(s['do'], context)
            if returned is not None:
                return returned

    async def do_try(self, s, context):
        caught = {
            'none': (),
            'error': (Exception,),
            'cancel': (asyncio.CancelledError,),
            'all': (Exception, asyncio.CancelledError),
        }[s['catch']]
        try:
            returned = await self.block(s['do'], context)
            if returned is not None:
                return returned
        except caught as error:
            self.log(context.label, f'catches {show_error(error)}')
            returned = await self.block(s['handler'], context)
            if returned is not None:
                return returned
        finally:
            returned = await self.block(s['finally'], context)
            if returned is not None:
                return returned

    async def do_sleep(self, s, context):
        self.log(context.label, f'slept {show(await asyncio.sleep(seconds(s["for"]), s["for"]))}')

    async def do_call(self, s, context):
        self.log(context.label, f'called {show(await self.body(s["body"], self.new_label("call")))}')

    async def do_await(self, s, context):
        future = self.slots[s['slot']]
        if future is None:
            self.log(context.label, 'empty')
        else:
            self.log(context.label, f'awaited {show(await future)}')

    async def do_wait(self, s, context):
        futures = self.filled(s['slots'])
        if not futures:
            self.log(context.label, 'empty')
            return
        done, pending = await asyncio.wait(futures, timeout=seconds(s['timeout']), return_when=s['when'])
        names = [[index for index, future in enumerate(futures) if future in part] for part in (done, pending)]
        self.log(context.label, f'waited {show(names)}')

    async def do_waitFor(self, s, context):
        item = self.item(s['item'])
        if item is None:
            self.log(context.label, 'empty')
        else:
            value = await asyncio.wait_for(item, seconds(s['timeout']))
            self.log(context.label, f'waited for {show(value)}')

    async def do_asCompleted(self, s, context):
        results = asyncio.as_completed(self.at_most_one_done(s['slots']), timeout=seconds(s['timeout']))
        timer = None
        try:
            for future in results:
                timer = results.gi_frame.f_locals['timeout_handle']
                self.log(context.label, f'completed {show(await future)}')
        finally:
            if timer is not None:
                timer.cancel()

    async def do_timeout(self, s, context):
        async with asyncio.timeout(seconds(s['after'])) as timeout:
            context.timeouts.append(timeout)
            try:
                returned = await self.block(s['do'], context)
            finally:
                context.timeouts.pop()
        self.log(context.label, f'in time {show(timeout.expired())}')
        return returned

    async def do_reschedule(self, s, context):
        when = None if s['after'] is None else self.loop.time() + seconds(s['after'])
        if context.timeouts:
            context.timeouts[-1].reschedule(when)

    async def do_group(self, s, context):
        group = asyncio.TaskGroup()
        group._tasks = OrderedSet()
        async with group:
            context.groups.append(group)
            try:
                returned = await self.block(s['do'], context)
            finally:
                context.groups.pop()
        self.log(context.label, 'group done')
        return returned

    async def do_child(self, s, context):
        if not context.groups:
            self.log(context.label, 'empty')
            return
        label = self.new_label('child')
        coroutine = self.keep(self.body(s['body'], label))
        task = self.keep(context.groups[-1].create_task(coroutine, name=label))
        self.register(task, label)
        self.slots[s['slot']] = task

    async def do_lock(self, s, context):
        async with self.locks[s['lock']]:
            self.log(context.label, 'locked')
            return await self.block(s['do'], context)

    async def do_acquire(self, s, context):
        self.log(context.label, f'acquired {show(await self.locks[s["lock"]].acquire())}')

    async def do_semaphore(self, s, context):
        async with self.semaphores[s['semaphore']]:
            self.log(context.label, 'entered')
            return await self.block(s['do'], context)

    async def do_down(self, s, context):
        self.log(context.label, f'down {show(await self.semaphores[s["semaphore"]].acquire())}')

    async def do_waitEvent(self, s, context):
        self.log(context.label, f'event {show(await self.events[s["event"]].wait())}')

    async def do_condition(self, s, context):
        async with self.conditions[s['condition']]:
            self.log(context.label, 'condition')
            return await self.block(s['do'], context)

    async def do_waitCondition(self, s, context):
        self.log(context.label, f'notified {show(await self.conditions[s["condition"]].wait())}')

    async def do_waitVariable(self, s, context):
        reached = lambda: self.variables[s['variable']] >= s['atLeast']
        self.log(context.label, f'reached {show(await self.conditions[s["condition"]].wait_for(reached))}')

    async def do_put(self, s, context):
        self.log(context.label, f'put {show(await self.queues[s["queue"]].put(s["value"]))}')

    async def do_get(self, s, context):
        self.log(context.label, f'got {show(await self.queues[s["queue"]].get())}')

    async def do_join(self, s, context):
        self.log(context.label, f'joined {show(await self.queues[s["queue"]].join())}')

    async def do_barrier(self, s, context):
        self.log(context.label, f'barrier {show(await self.barriers[s["barrier"]].wait())}')

    # ---- What callbacks may do as well ----

    def callback(self, statements, kind):
        label = self.new_label(kind)

        def call(*_):
            self.log(label, 'called')
            for statement in statements:
                self.immediate(statement, label)

        return call

    def immediate(self, s, label):
        self.count()
        if s['op'] == 'raise':
            self.log(label, f'throws {s["value"]}')
            raise Oops(s['value'])
        try:
            self.log(label, f'{s["op"]} {show(self.perform(s, label))}')
        except Exception as error:
            self.log(label, f'{s["op"]} fails {show_error(error)}')

    def perform(self, s, label):
        op = s['op']
        slot = self.slots[s['slot']] if 'slot' in s else None
        if op == 'log':
            return s['value']
        if op == 'inc':
            self.variables[s['variable']] += 1
        elif op == 'stop':
            self.loop.stop()
        elif op == 'who':
            task = asyncio.current_task(self.loop)
            name = 'none' if task is None else self.tasks.get(task, 'unnamed')
            return f'{name} of {len(asyncio.all_tasks(self.loop))}'
        elif op == 'soon':
            self.handles[s['handle']] = self.loop.call_soon(self.callback(s['do'], 'soon'))
        elif op == 'later':
            self.handles[s['handle']] = self.loop.call_later(seconds(s['after']), self.callback(s['do'], 'later'))
        elif op == 'drop':
            handle = self.handles[s['handle']]
            if handle is not None:
                handle.cancel()
        elif op == 'future':
            self.slots[s['slot']] = self.keep(self.loop.create_future())
        elif op == 'spawn':
            label = self.new_label('task')
            task = self.keep(self.loop.create_task(self.body(s['body'], label), name=label))
            self.register(task, label)
            self.slots[s['slot']] = task
        elif op == 'gather':
            items = [item for item in map(self.item, s['items']) if item is not None]
            self.slots[s['slot']] = self.keep(asyncio.gather(*items, return_exceptions=s['collect']))
        elif op == 'shield':
            item = self.item(s['item'])
            if item is not None:
                self.slots[s['slot']] = self.keep(asyncio.shield(item))
        elif op in ('release', 'post', 'open', 'shut', 'notify', 'notifyAll'):
            self.synchronize(s)
        elif op == 'offer':
            self.queues[s['queue']].put_nowait(s['value'])
        elif op == 'poll':
            return self.queues[s['queue']].get_nowait()
        elif op == 'taskDone':
            self.queues[s['queue']].task_done()
        elif op == 'resetBarrier':
            self.keep(self.loop.create_task(self.barriers[s['barrier']].reset()))
        elif op == 'abortBarrier':
            self.keep(self.loop.create_task(self.barriers[s['barrier']].abort()))
        elif slot is None:
            return 'empty'
        elif op == 'state':
            return self.state(slot)
        elif op == 'cancel':
            return slot.cancel(s['message']) if 'message' in s else slot.cancel()
        elif op == 'cancelIn':
            self.cancel_in(s['iterations'], slot, label)
        elif op == 'uncancel':
            return slot.uncancel() if isinstance(slot, asyncio.Task) else 'no task'
        elif op == 'set':
            slot.set_result(s['value'])
        elif op == 'fail':
            slot.set_exception(Oops(s['value']))
        elif op == 'hook':
            slot.add_done_callback(self.callback(s['do'], 'hook'))
        else:
            sys.exit(f'unknown statement {op}')
        return None

    def synchronize(self, s):
        op = s['op']
        if op == 'release':
            self.locks[s['lock']].release()
        elif op == 'post':
            self.semaphores[s['semaphore']].release()
        elif op == 'open':
            self.events[s['event']].set()
        elif op == 'shut':
            self.events[s['event']].clear()
        elif op == 'notify':
            self.conditions[s['condition']].notify(s['count'])
        elif op == 'notifyAll':
            self.conditions[s['condition']].notify_all()

    def cancel_in(self, iterations, slot, label):
        if iterations > 0:
            self.loop.call_soon(self.cancel_in, iterations - 1, slot, label)
        else:
            self.log(label, f'cancels {show(slot.cancel())}')

    def item(self, item):
        if 'slot' in item:
            return self.slots[item['slot']]
        return self.keep(self.body(item['body'], self.new_label('item')))

    def filled(self, slots):
        return list(dict.fromkeys(self.slots[slot] for slot in slots if self.slots[slot] is not None))

    def at_most_one_done(self, slots):
        """Of several that are done already as_completed has the order of a set."""
        futures = self.filled(slots)
        done = [future for future in futures if future.done()]
        return [future for future in futures if future not in done[1:]]


def main():
    warnings.simplefilter('ignore')
    sys.unraisablehook = lambda _: None
    gc.disable()
    print(json.dumps({'version': sys.version_info[:3]}), flush=True)
    for number, line in enumerate(sys.stdin):
        interpreter = Interpreter(json.loads(line))
        lines = interpreter.run()
        print(json.dumps(lines), flush=True)
        # Waits are given up: what their coroutines still say is not heard.
        interpreter.kept.clear()
        if number % 200 == 0:
            gc.collect()


main()
