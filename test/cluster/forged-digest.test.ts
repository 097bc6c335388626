import { expect } from 'chai';

import { nodesOf } from '../../argo/status/nodes.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { build, uniqueName } from './support/build.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';
import { digestOf } from './support/registry.js';

after(removeFolders);

/** Harmless, and seen where it is evaluated. */
const EXPRESSION = "{{=sprig.repeat(3, 'pwn')}}";
const EVALUATED = 'pwnpwnpwn';

/** A RUN step whose process outlives it, and writes what Kaniko's digest file says. */
const FORGING = `FROM ${BUSYBOX}
COPY digest /forged
RUN setsid sh -c 'while :; do cp /forged /kaniko/d; mv /kaniko/d /kaniko/digest; done' >/dev/null 2>&1 & sleep 1
`;

/** What Argo made of the task that compiles: all that it was given. */
function givenToCompile(workflow: ObservedWorkflow): string {
  const nodes = Object.values(nodesOf(workflow) ?? {});
  return JSON.stringify(nodes.filter(({ templateName }) => templateName === 'compile-pipeline'));
}

describe('threat 52: a RUN step that reports an expression as its digest', () => {
  for (const [what, compilerImage] of Object.entries({
    'is not evaluated by Argo’s controller, and the build is named': undefined,
    'does not decide the image in which the pipeline is compiled': 'forger',
  })) {
    it(what, async () => {
      const source = await project(
        {
          path: uniqueName('forged'),
          images: [{ name: 'honest' }, { name: 'forger' }],
          ...(compilerImage && { pipeline: { compiler_image: compilerImage } }),
        },
        {
          'honest/Dockerfile': `FROM ${BUSYBOX}\nRUN echo ${uniqueName('x')}\n`,
          'forger/Dockerfile': FORGING,
          'forger/digest': EXPRESSION,
        },
      );
      const { result, workflow } = await build(source, { tag: 'v1' });

      const [honest, forger] = result.images;
      expect(honest?.digest).to.equal(await digestOf(honest!.repository, 'v1'));
      expect(forger).to.include({ state: 'failed' }).and.not.have.property('digest');
      expect(forger?.failure).to.include({ kind: 'digest' });
      expect(result.phase).to.equal('failed');
      expect(result.compile?.failure, JSON.stringify(result.compile)).to.include({
        kind: 'digest',
        reason: "The build of the image 'forger' reported a digest that isn't one",
      });

      expect(JSON.stringify(workflow), 'evaluated').to.not.contain(EVALUATED);
      expect(JSON.stringify(workflow), 'reported').to.contain('sprig.repeat');
      const given = givenToCompile(workflow);
      expect(given).to.contain('forger@invalid').and.contain(honest?.digest).and.not.contain('sprig');
    });
  }
});
