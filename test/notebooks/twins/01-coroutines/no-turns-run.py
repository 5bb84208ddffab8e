"""Two coroutines that never pause: one after the other."""
import asyncio


async def hurry(name):
    for i in range(1, 4):
        print(f"{name} {i}")


async def main():
    first = asyncio.create_task(hurry("left"))
    second = asyncio.create_task(hurry("      right"))
    await first
    await second


asyncio.run(main())
