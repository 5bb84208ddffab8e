import asyncio


async def work(name, seconds):
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{name} was stopped")
        raise
    print(f"{name} is done")
    return f"the result of {name}"


async def fails(name, seconds):
    await asyncio.sleep(seconds)
    print(f"{name} fails")
    raise ValueError(f"{name} is broken")


async def main():
    racers = [asyncio.create_task(work("hare", 0.05)), asyncio.create_task(work("tortoise", 5))]
    done, pending = await asyncio.wait(racers, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.sleep(0)


asyncio.run(main())
