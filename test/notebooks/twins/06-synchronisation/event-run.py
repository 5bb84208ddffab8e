import asyncio


async def main():
    doors_open = asyncio.Event()

    async def visitor(name):
        print(f"{name} waits")
        await doors_open.wait()
        print(f"{name} goes in")

    visitors = asyncio.gather(visitor("Ada"), visitor("Grace"))
    await asyncio.sleep(0.02)
    print("the doors open")
    doors_open.set()
    await visitors


asyncio.run(main())
