import asyncio


async def main():
    changed = asyncio.Condition()
    level = 0

    async def wait_for_level(wanted):
        async with changed:
            await changed.wait_for(lambda: level >= wanted)
            print(f"level {wanted} is reached")

    waiting = asyncio.gather(wait_for_level(3), wait_for_level(1))
    while level < 3:
        await asyncio.sleep(0.01)
        async with changed:
            level += 1
            print(f"the level is {level}")
            changed.notify_all()
    await waiting


asyncio.run(main())
