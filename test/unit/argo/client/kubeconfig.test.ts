import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { type ClusterChoice, loadKubeConfig } from '../../../../argo/client/kubeconfig.js';
import type { ConfigError, Diagnostic } from '../../../../schema/index.js';
import { withoutKubeconfig } from '../../without-kubeconfig.js';

describe('argo/client/kubeconfig', () => {
  const home = withoutKubeconfig();

  function diagnosed(choice: ClusterChoice, variable?: string): Diagnostic {
    if (variable !== undefined) process.env.KUBECONFIG = variable;
    try {
      loadKubeConfig(choice);
    } catch (error) {
      return (error as ConfigError).diagnostics[0]!;
    } finally {
      delete process.env.KUBECONFIG;
    }
    throw new Error('A kubeconfig was found.');
  }

  function written(name: string, text: string): string {
    const file = join(home(), name);
    writeFileSync(file, text);
    return file;
  }

  it('says that there is none, and offers no context that a library made up', () => {
    for (const context of [undefined, 'nope', 'loaded-context']) {
      const { code, message } = diagnosed(context === undefined ? {} : { context });
      expect(code).to.equal('NO_CLUSTER');
      expect(message).to.equal(
        "There is no kubeconfig: KUBECONFIG isn't set, and ~/.kube/config doesn't exist.",
      );
    }
  });

  it('names a file that does not exist, and what named it', () => {
    const file = join(home(), 'nowhere');
    const message = `There is no kubeconfig at ${file}.`;
    expect(diagnosed({ kubeconfig: file })).to.include({
      code: 'FILE_MISSING',
      file: '--kubeconfig',
      message,
    });
    expect(diagnosed({ context: 'c' }, file)).to.include({
      code: 'FILE_MISSING',
      file: 'KUBECONFIG',
      message,
    });
  });

  it('says of a file that it has no current context, or none that leads to a cluster', () => {
    const none = written('none', 'apiVersion: v1\nkind: Config\n');
    const unset = written('unset', CONTEXTS);
    const gone = written('gone', `${CONTEXTS}current-context: c\n`);
    const broken = written('broken', `${CONTEXTS}current-context: a\n`);
    expect(diagnosed({}, none)).to.include({
      code: 'NO_CLUSTER',
      file: none,
      message: 'The kubeconfig has no current context.',
      hint: 'Name another file with KUBECONFIG or --kubeconfig.',
    });
    expect(diagnosed({ kubeconfig: unset })).to.include({
      file: unset,
      message: 'The kubeconfig has no current context.',
      hint: 'Give --context: choose one of a, b.',
    });
    expect(diagnosed({ kubeconfig: gone }).message).to.equal(
      'The kubeconfig has no context "c", which is its current one.',
    );
    expect(diagnosed({ kubeconfig: broken })).to.include({
      message: 'The kubeconfig has no cluster for its context "a".',
      hint: 'Give --context: choose one of b.',
    });
    expect(diagnosed({ kubeconfig: broken, context: 'd' }).hint).to.equal('Choose one of a, b.');
  });

  it('looks at the default file where one is there', () => {
    mkdirSync(join(home(), '.kube'));
    const file = written('.kube/config', CONTEXTS);
    try {
      expect(diagnosed({})).to.include({
        file: '~/.kube/config',
        message: 'The kubeconfig has no current context.',
      });
      expect(diagnosed({ context: 'nope' }).message).to.equal('The kubeconfig has no context "nope".');
    } finally {
      rmSync(file);
    }
  });

  it('says that a file is empty', () => {
    expect(diagnosed({ kubeconfig: written('empty', '') })).to.include({
      code: 'FILE_UNREADABLE',
      message: 'The kubeconfig is empty.',
    });
  });
});

const CONTEXTS = `contexts:
  - { name: a, context: { cluster: gone, user: u } }
  - { name: b, context: { cluster: gone, user: u } }
`;
