// Everything that one says, all get: node's ws as its own documentation broadcasts.
import { WebSocketServer } from "ws";
const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    for (const client of server.clients) client.send(data, { binary: false });
  });
});
server.on("listening", () => console.log("ready"));
