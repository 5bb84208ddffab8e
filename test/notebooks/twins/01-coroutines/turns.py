"""Two coroutines that take turns."""
import asyncio


async def count(name):
    for i in range(1, 4):
        print(f"{name} {i}")
        await asyncio.sleep(0)


async def main():
    left = asyncio.create_task(count("left"))
    right = asyncio.create_task(count("      right"))
    await left
    await right


asyncio.run(main())
