import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's end of a web socket, as far as the API server's port-forward needs it: https://www.rfc-editor.org/rfc/rfc6455 */
export interface WebSocketEnd {
  readonly send: (message: Buffer) => void;
  readonly close: () => void;
}

/** Takes the upgrade, and gives each binary message to `onMessage`. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  onMessage: (message: Buffer) => void,
): WebSocketEnd {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'upgrade: websocket',
      'connection: upgrade',
      `sec-websocket-accept: ${accept}`,
      'sec-websocket-protocol: v4.channel.k8s.io',
      '\r\n',
    ].join('\r\n'),
  );
  let rest = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = take(rest); frame; frame = take(rest)) {
      rest = rest.subarray(frame.length);
      if (frame.opcode === 8) socket.end();
      if (frame.opcode === 2) onMessage(frame.payload);
    }
  });
  return {
    send: (message) => {
      const length = Buffer.alloc(9);
      length.writeUInt8(127, 0);
      length.writeBigUInt64BE(BigInt(message.length), 1);
      socket.write(Buffer.concat([Buffer.from([0x82]), length, message]));
    },
    close: () => socket.destroy(),
  };
}

/** One frame from a client, whose frames are masked, if it is there as a whole. */
function take(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data.readUInt8(1) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extra + 4;
  if (data.length < start) return undefined;
  const size = extra === 0 ? short : extra === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  if (data.length < start + size) return undefined;
  const mask = data.subarray(start - 4, start);
  const payload = Buffer.from(data.subarray(start, start + size)).map((byte, at) => byte ^ mask[at % 4]!);
  return { opcode: data.readUInt8(0) & 0x0f, payload: Buffer.from(payload), length: start + size };
}
