import type { Order } from './client.js';
import { sendAtRate } from './load.js';

process.on('message', ({ port, shots, rate }: Order) => {
  void sendAtRate(port, shots, rate).then((load) => process.send?.(load));
});
