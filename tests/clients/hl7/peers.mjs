// Programs of others that speak HL7, each behind the same three doors: parse an answer, send one message, serve.
import { createRequire } from "node:module";
import net from "node:net";

const require = createRequire(import.meta.url);

/** A port of this machine that was free a moment ago. */
async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function nodeHl7() {
  const { Client, Message } = await import("node-hl7-client");
  const { Server } = require("node-hl7-server");
  const parse = (text) => {
    const message = new Message({ text });
    return { code: message.get("MSA.1").toString(), control: message.get("MSA.2").toString(), kind: message.get("MSH.9.1").toString() };
  };
  return {
    parse,
    send: (host, port, text, ca) =>
      new Promise((resolve, reject) => {
        const client = new Client({ host, ...(ca ? { tls: { ca, servername: "localhost" } } : {}) });
        const connection = client.createConnection({ port, waitAck: true }, async (answer) => {
          resolve(parse(answer.getMessage().toString()));
          await connection.close();
        });
        connection.on("error", reject);
        connection.sendMessage(new Message({ text })).catch(reject);
      }),
    serve: async (heard) => {
      const port = await freePort();
      const server = new Server({ bindAddress: "127.0.0.1" });
      const inbound = server.createInbound({ port }, async (request, response) => {
        heard(request.getMessage().get("MSH.10").toString());
        await response.sendResponse("AA");
      });
      await new Promise((resolve) => inbound.on("listen", resolve));
      return port;
    },
  };
}

async function simpleHl7() {
  const hl7 = require("simple-hl7");
  const parse = (text) => {
    const message = new hl7.Parser({ segmentSeperator: "\r" }).parse(text);
    const msa = message.getSegment("MSA");
    return { code: String(msa.getField(1)), control: String(msa.getField(2)), kind: String(message.header.getComponent(7, 1)) };
  };
  return {
    parse,
    send: (host, port, text, ca) =>
      ca
        ? Promise.resolve(null) // it has no TLS
        : new Promise((resolve, reject) => {
            const client = hl7.Server.createTcpClient(host, port);
            client.send(new hl7.Parser({ segmentSeperator: "\r" }).parse(text), (error, answer) => (error ? reject(error) : resolve(parse(answer.toString()))));
          }),
    serve: async (heard) => {
      const port = await freePort();
      const app = hl7.tcp();
      app.use((request, response) => {
        heard(String(request.msg.header.getField(8)));
        response.end();
      });
      app.start(port);
      return port;
    },
  };
}

async function medplum() {
  const { Hl7Client, Hl7Server, ReturnAckCategory } = await import("@medplum/hl7");
  const { Hl7Message } = await import("@medplum/core");
  const parse = (text) => read(Hl7Message.parse(text));
  const read = (message) => ({
    code: message.getSegment("MSA").getField(1).toString(),
    control: message.getSegment("MSA").getField(2).toString(),
    kind: message.getSegment("MSH").getField(9).getComponent(1),
  });
  return {
    parse,
    send: async (host, port, text, ca) => {
      if (ca) {
        return null; // it has no TLS
      }

      const client = new Hl7Client({ host, port, keepAlive: false });
      const answer = await client.sendAndWait(Hl7Message.parse(text), { returnAck: ReturnAckCategory.FIRST });
      await client.close();
      return read(answer);
    },
    serve: async (heard) => {
      const port = await freePort();
      const server = new Hl7Server((connection) => {
        connection.addEventListener("message", (event) => {
          heard(event.message.getSegment("MSH").getField(10).toString());
          event.connection.send(event.message.buildAck());
        });
      });
      await server.start(port);
      return port;
    },
  };
}

/** The programs by name. */
export const peers = { "node-hl7": nodeHl7, "simple-hl7": simpleHl7, medplum };
