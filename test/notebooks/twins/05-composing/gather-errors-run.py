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
    try:
        await asyncio.gather(fails("A", 0.05), work("B", 0.1))
    except ValueError as error:
        print(f"gather: {error}")
    await asyncio.sleep(0.1)


asyncio.run(main())
