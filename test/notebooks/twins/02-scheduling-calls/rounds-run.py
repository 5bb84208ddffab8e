import asyncio


async def main():
    loop = asyncio.get_running_loop()

    def again(name, times):
        print(f"{name}, {times} to go")
        if times > 1:
            loop.call_soon(again, name, times - 1)

    loop.call_soon(again, "a", 3)
    loop.call_soon(again, "   b", 2)
    await asyncio.sleep(0.05)


asyncio.run(main())
