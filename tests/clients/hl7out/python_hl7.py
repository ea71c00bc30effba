"""A destination made with python-hl7 (Debian: python3-hl7). Usage: python3 python_hl7.py FILE"""
import asyncio
import json
import sys

from hl7.mllp import start_hl7_server


async def serve(reader, writer):
    try:
        while not writer.is_closing():
            message = await reader.readmessage()
            with open(sys.argv[1], "a", encoding="utf-8") as got:
                got.write(json.dumps(str(message)) + "\n")
            writer.writemessage(message.create_ack())
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()


async def main():
    server = await start_hl7_server(serve, host="127.0.0.1", port=0, encoding="utf-8")
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
