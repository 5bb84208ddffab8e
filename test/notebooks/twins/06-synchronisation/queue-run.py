import asyncio


async def main():
    orders = asyncio.Queue(2)

    async def customers():
        for dish in ["soup", "pasta", "salad", "cake"]:
            await orders.put(dish)
            print(f"ordered: {dish}")

    async def cook(name, seconds):
        while True:
            dish = await orders.get()
            await asyncio.sleep(seconds)
            print(f"          {name} has made {dish}")
            orders.task_done()

    cooks = [asyncio.create_task(cook("Ada", 0.15)), asyncio.create_task(cook("Grace", 0.9))]
    await customers()
    await orders.join()
    for each in cooks:
        each.cancel()
    print("the kitchen is closed")


asyncio.run(main())
