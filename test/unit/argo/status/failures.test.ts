import { expect } from 'chai';

import type { BuildOptions } from '../../../../argo/status/build-options.js';
import { classifyFailure } from '../../../../argo/status/failures.js';
import type { WorkflowNode } from '../../../../argo/status/observed.js';
import { cutText } from '../../../../server/comment/cut.js';

const NODE: WorkflowNode = {
  id: 'w-1',
  name: 'w.build-web(0)',
  displayName: 'build-web(0)',
  type: 'Pod',
  phase: 'Failed',
  templateName: 'kaniko',
  message: 'main: Error (exit code 1)',
};
const BUILT = { image: 'web', dockerfile: 'web/Dockerfile' };

/** As Kaniko and its maintained fork begin and end. */
const PUSH = (cause: string): string => `active feature flags: FF_KANIKO_A
INFO[0000] Credential providers: google, ecr, acr
\u001b[33mWARN\u001b[0m[0000] Kaniko is being run outside of a container. This can have dangerous effects on your system
error checking push permissions -- make sure you entered the correct tag name, and that you are authenticated correctly, and try again: checking push permission for "registry.example/team/web:1": POST https://registry.example/v2/team/web/blobs/uploads/: ${cause}
Error: error checking push permissions -- make sure you entered the correct tag name, and that you are authenticated correctly, and try again: checking push permission for "registry.example/team/web:1": POST https://registry.example/v2/team/web/blobs/uploads/: ${cause}
Error: exit status 1
`;

describe('argo/failures', () => {
  it('says of a refused push what went wrong, and neither the request nor the log again', () => {
    const { reason, lastLines } = classifyFailure(
      NODE,
      {},
      { ...BUILT, log: PUSH('dial tcp 10.0.0.1:443: refused') },
    );
    expect(reason).to.equal('cannot push the image: dial tcp 10.0.0.1:443: refused');
    expect(lastLines!.split('\n')).to.have.length(2);
    expect(lastLines).to.match(/^error checking push permissions.*\nError: exit status 1$/);
  });

  it('fits a reason into one line', () => {
    const { reason } = classifyFailure(NODE, {}, { ...BUILT, log: PUSH('x'.repeat(1000)) });
    // The mark of the cut comes on top.
    expect(reason.length).to.be.within(300, 310);
  });

  it('leaves out what Kaniko begins with, whatever it builds', () => {
    const log = `${PUSH('').split('error')[0]!}INFO[0001] RUN make\nmake: credential providers are missing\n`;
    expect(classifyFailure(NODE, {}, { log }).lastLines).to.equal(
      'INFO[0001] RUN make\nmake: credential providers are missing',
    );
  });

  it('names the image in the commands that it recommends', () => {
    for (const log of [
      'error building image: failed to get fileinfo for /kaniko/buildcontext/a: lstat a: no such file or directory',
      'error building image: copy failed, no source files specified',
      'INFO[0001] RUN make\nerror building image: failed to execute command: exit status 2',
    ])
      expect(classifyFailure(NODE, {}, { ...BUILT, log }).nextStep).to.contain('kfops context web -o -');
  });

  describe('recommends to try a build that failed', () => {
    const log = 'INFO[0001] RUN make\nerror building image: failed to execute command: exit status 2';
    const nextStep = (docker: BuildOptions['docker'], commit?: string): string =>
      classifyFailure(
        NODE,
        {},
        { ...BUILT, log, options: { docker, ...(commit !== undefined && { commit }) } },
      ).nextStep;

    it('with the options of the build, and the files of its commit', () => {
      const docker = { dockerfile: 'docker/gpu', buildArgs: [['A', 'b c']] as const, target: 'runtime' };
      expect(nextStep(docker, '4f1c0d9ae2b7c6a8519f3e0d7b2a4c6e8f90ab12')).to.equal(
        'read its last lines, and try it on your machine: `kfops context web --commit 4f1c0d9ae2b7 -o - |' +
          " docker build -f docker/gpu --build-arg 'A=b c' --target runtime -t web:local -`",
      );
    });

    it('with the command that prints them, where a sentence can’t have them', () => {
      const docker = { dockerfile: 'Dockerfile', buildArgs: [['A', '`id`']] as const };
      expect(nextStep(docker)).to.equal(
        'read its last lines, and try it on your machine: `kfops context web -o context.tar.gz` prints the' +
          ' `docker build` command',
      );
    });

    it('within the line that a comment keeps of it', () => {
      const name = 'n'.repeat(100);
      for (let length = 1; length < 300; length++) {
        const docker = { dockerfile: 'd'.repeat(length), buildArgs: [] };
        const options = { docker, commit: '4f1c0d9ae2b7c6a8519f3e0d7b2a4c6e8f90ab12' };
        const { nextStep } = classifyFailure(NODE, {}, { image: name, log, options });
        expect(cutText(nextStep, 300)).to.equal(nextStep);
      }
    });
  });

  it('gives a limit without the end of its sentence', () => {
    const message = 'Pod ephemeral local storage usage exceeds the total limit of containers 150Mi. ';
    expect(classifyFailure({ ...NODE, message }, {}).reason).to.equal(
      'the build exceeded its disk limit (150Mi)',
    );
  });
});
