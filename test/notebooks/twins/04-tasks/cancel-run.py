import asyncio


async def download():
    print("connecting")
    try:
        await asyncio.sleep(10)
        return "all of it"
    finally:
        print("closing the connection")


async def main():
    slow = asyncio.create_task(download())
    await asyncio.sleep(0.05)
    slow.cancel()
    try:
        await slow
    except asyncio.CancelledError as error:
        print(type(error).__name__)


asyncio.run(main())
