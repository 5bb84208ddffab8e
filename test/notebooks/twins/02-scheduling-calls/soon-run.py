import asyncio


def callback(n):
    print(f"callback {n}")


async def main():
    loop = asyncio.get_running_loop()
    print("before")
    loop.call_soon(callback, 1)
    loop.call_soon(callback, 2)
    loop.call_soon(callback, 3)
    print("after")
    await asyncio.sleep(0.05)


asyncio.run(main())
