// The same by Bun's own publish.
Bun.serve({
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("a socket, please")),
  websocket: {
    perMessageDeflate: false,
    backpressureLimit: 16 * 1024 * 1024,
    open: (socket) => socket.subscribe("room"),
    message: (socket, text) => {
      socket.publish("room", text);
      socket.send(text);
    },
  },
});
console.log("ready");
