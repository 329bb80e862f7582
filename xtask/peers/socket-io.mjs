// The same by socket.io, sockets only.
import { createServer } from "node:http";
import { Server } from "socket.io";
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => socket.on("m", (text) => io.emit("m", text)));
http.listen(Number(process.argv[2]), "127.0.0.1", 4096, () => console.log("ready"));
