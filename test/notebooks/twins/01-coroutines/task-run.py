"""A task begins in its turn, not where it is made."""
import asyncio


async def work(name, seconds):
    print(f"{name}: begins")
    await asyncio.sleep(seconds)
    print(f"{name}: goes on after {seconds} s")


async def main():
    print("before createTask")
    scheduled = asyncio.create_task(work("as a task", 0))
    print("after createTask")
    await scheduled


asyncio.run(main())
