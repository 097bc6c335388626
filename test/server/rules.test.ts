import { expect } from 'chai';

import { type ServerProcess, ServerWorld } from './harness.js';

describe('threat 44: a server with rules', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  const own = {
    repositories: ['ME/*', '!me/secret'],
    registries: ['registry.example.com/data-science'],
    namespaces: ['data-science'],
    pipelines: ['Sklearn *'],
  };
  const other = {
    repositories: ['me/secret'],
    registries: ['registry.example.com/secret'],
    namespaces: ['secret'],
    pipelines: ['secret'],
  };
  const serve = (rules: readonly object[]): Promise<ServerProcess> =>
    world.serve({
      settings: {
        kfp: { endpoint: 'http://127.0.0.1:1' },
        server: { repositories: ['me/iris', 'me/secret'], namespaces: [], rules },
      },
    });

  before(async () => {
    world = await ServerWorld.start();
    server = await serve([own, other]);
  });
  after(() => world.stop());

  const foreign: readonly [string, string, string][] = [
    [
      'container_registry_uri: registry.example.com/data-science',
      'container_registry_uri: registry.example.com/secret',
      'registry.example.com/secret',
    ],
    ['namespace: data-science', 'namespace: secret', 'secret'],
    ['name: Sklearn Iris', 'name: secret', 'secret'],
  ];
  for (const command of ['/build', '/build_run', '/plan', '/run --version-id=1'] as const) {
    for (const [text, by, named] of foreign) {
      // A run pushes nothing.
      if (command.startsWith('/run') && text.startsWith('container_registry_uri')) continue;
      it(`${command} with ${by.trim()} is refused`, async () => {
        const pull = world.openPull();
        pull.push(world.configReplacing(text, by));
        await pull.answered(server, command, '-1');
        await pull.said(named);
        expect(pull.workflows).to.deep.equal([]);
      });
    }
  }

  it('builds what its rule allows', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket');
    expect(pull.workflows).to.have.length(1);
  });

  it('/retry does not outlive what the settings allowed', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Failed', { 'build-iris-train': 'Succeeded', 'build-iris-serve': 'Failed' });
    await pull.said('❌ iris');
    await server.stop();
    server = await serve([{ ...own, registries: ['registry.example.com/elsewhere'] }, other]);
    await pull.answered(server, '/retry', '-1');
    await pull.said('have changed since the workflow');
    expect(pull.workflows).to.have.length(1);
    await server.stop();
    server = await serve([own, { ...other, namespaces: ['secret', 'more'] }]);
    await pull.answered(server, '/retry', 'rocket');
    expect(pull.workflows).to.have.length(2);
  });
});
