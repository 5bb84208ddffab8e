import asyncio


async def main():
    queue = asyncio.Queue(maxsize=2)

    async def produce():
        for item in range(4):
            await queue.put(item)
            print("put", item)

    async def consume():
        for _ in range(4):
            print("got", await queue.get())
            await asyncio.sleep(0)

    await asyncio.gather(produce(), consume())


asyncio.run(main())
