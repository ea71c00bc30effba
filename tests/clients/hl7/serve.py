"""python3 serve.py: the asyncio server of python-hl7 on a port of this machine. Prints "ready PORT", then "heard CONTROL" for each message."""
import asyncio

from hl7.mllp import start_hl7_server


async def converse(reader, writer):
    try:
        while not writer.is_closing():
            message = await reader.readmessage()
            print(f"heard {message.segment('MSH')[10]}", flush=True)
            writer.writemessage(message.create_ack())
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()


async def main():
    async with await start_hl7_server(converse, host="127.0.0.1", port=0) as server:
        print(f"ready {server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


asyncio.run(main())
