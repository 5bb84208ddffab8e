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
    await asyncio.gather(work("A", 0.15), work("B", 0.05), work("C", 0.1))


asyncio.run(main())
