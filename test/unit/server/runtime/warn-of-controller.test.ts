import { expect } from 'chai';

import { warnOfController } from '../../../../server/runtime/warn-of-controller.js';
import { argoController } from '../../../fixtures/argo-controller.js';
import { startKubernetes } from '../../../fixtures/kubernetes.js';

describe('server/runtime/warn-of-controller', () => {
  for (const [args, lines] of [
    [['--namespaced'], 1],
    [[], 0],
  ] as const)
    it(`logs ${lines === 0 ? 'nothing' : 'an error'} for a controller with the arguments [${args.join()}]`, async () => {
      const api = await startKubernetes();
      api.deployments.push(argoController(args));
      const logged: [object, string][] = [];
      const log = { error: (fields: object, message: string) => logged.push([fields, message]) };
      await warnOfController({ client: api.client, namespaces: ['kfops'] }, log as never);
      await api.close();
      expect(logged).to.have.length(lines);
      for (const [fields, message] of logged) {
        expect(message).to.include('no build can start').and.include('the namespace kubeflow');
        expect(fields).to.have.property('nextStep').that.includes('`namespace: kubeflow`');
      }
    });
});
