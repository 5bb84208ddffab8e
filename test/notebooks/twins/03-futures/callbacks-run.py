import asyncio


def tell(name):
    return lambda future: print(f"{name} is told: {future.result()}")


async def main():
    answer = asyncio.get_running_loop().create_future()
    answer.add_done_callback(tell("Ada"))
    answer.add_done_callback(tell("Grace"))
    print("before")
    answer.set_result(42)
    print("after")
    await asyncio.sleep(0)
    answer.add_done_callback(tell("Barbara, who came late,"))
    print("nobody was called yet")
    await asyncio.sleep(0)


asyncio.run(main())
