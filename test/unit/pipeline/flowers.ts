import { readFileSync } from 'node:fs';

import type { KfpClient } from '../../../pipeline/kfp.js';
import { publish, type PublishRequest } from '../../../pipeline/publish.js';
import type { RunRequest } from '../../../pipeline/run.js';
import type { SeenCall } from '../../fixtures/kfp-server.js';

/** A version of a pipeline in which an image stands everywhere that it can. */
export const REQUEST: PublishRequest = {
  name: 'Flowers & more',
  namespace: 'data-science',
  description: 'Of the garden',
  version: 'pr-17-1a2b3c4d5e6f-99',
  versionDescription: 'of a commit',
  compiled: readFileSync(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8'),
};

/** A run of it, which is published first. */
export async function runRequest(client: KfpClient): Promise<RunRequest> {
  return {
    name: 'pr-17-1a2b3c4d5e6f-99',
    namespace: 'data-science',
    experiment: 'Our flowers',
    published: await publish(client, REQUEST),
    arguments: { rows: 5, image: 3.11, nope: true },
  };
}

export function isCall(method: string, path: string): (call: SeenCall) => boolean {
  return (call) => call.method === method && call.path === path;
}
