import asyncio


async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled? No, thank you.")
    await asyncio.sleep(0.05)
    return "done all the same"


async def main():
    mule = asyncio.create_task(stubborn())
    await asyncio.sleep(0.05)
    print(f"asked: {str(mule.cancel()).lower()}")
    print(await mule)
    print(f"cancelled: {str(mule.cancelled()).lower()}")


asyncio.run(main())
