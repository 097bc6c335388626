/**
 * The HTTP part of the server as a process of its own, which counts deliveries and drops them. Its secret comes from
 * the environment, its port goes to stdout as the first line. `/readyz` collects garbage first, so that the metrics
 * read next show what is held. Ends on SIGTERM.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createLog } from '../../server/telemetry/log.js';
import { metrics as createMetrics } from '../../server/telemetry/metrics.js';
import { startHttp } from '../../server/http/listener.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const secret = process.env.WEBHOOK_SECRET ?? '';
const metrics = createMetrics();
let kept = 0;
const server = await startHttp({
  settings: { address: '127.0.0.1', port: 0 },
  secrets: () => [secret],
  log: createLog({ level: 'info', to: process.stderr }),
  metrics,
  ready: () => {
    collectGarbage();
    return [];
  },
  onDelivery: () => {
    metrics.queueLength(++kept);
  },
  ...(process.env.BODY_MS && { limits: { ms: Number(process.env.BODY_MS) } }),
});
process.stdout.write(`${server.port}\n`);
process.once('SIGTERM', () => {
  void server.close(5000);
});
