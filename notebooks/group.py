import asyncio


async def work(name, seconds):
    try:
        await asyncio.sleep(seconds)
        print(f"{name} is done")
    except asyncio.CancelledError:
        print(f"{name} was cancelled")
        raise


async def fails():
    await asyncio.sleep(0.05)
    raise ValueError("broken")


async def main():
    await asyncio.gather(work("A", 0.02), work("B", 0.04))
    tasks = [asyncio.create_task(work("C", 1)), asyncio.create_task(fails())]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    print(f"{len(done)} done, {len(pending)} pending")
    for task in pending:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    print([type(result).__name__ for result in results])


asyncio.run(main())
