"""Two tasks at once: which line comes when."""
import asyncio


async def work(name, seconds):
    print(f"{name}: begins")
    await asyncio.sleep(seconds)
    print(f"{name}: goes on after {seconds} s")
    return f"the result of {name}"


async def main():
    a = asyncio.create_task(work("A", 0.2))
    b = asyncio.create_task(work("B", 0.1))
    print("both tasks are made")
    await a
    await b


asyncio.run(main())
