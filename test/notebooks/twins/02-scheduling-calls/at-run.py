import asyncio


def callback(n):
    print(f"callback {n}")


async def main():
    loop = asyncio.get_running_loop()
    now = loop.time()
    loop.call_at(now + 0.2, callback, 1)
    loop.call_at(now + 0.1, callback, 2)
    loop.call_at(now, callback, 3)
    await asyncio.sleep(0.3)


asyncio.run(main())
