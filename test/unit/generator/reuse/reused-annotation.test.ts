import { expect } from 'chai';

import type { PlannedImage } from '../../../../generator/plan/plan-types.js';
import { reusedAnnotation } from '../../../../generator/reuse/reused-annotation.js';
import { anImage } from '../../../support/plan.js';

const REVISION = 'abc1234def0123456789abcdef0123456789abcd';
const DIGEST = `sha256:${'a'.repeat(64)}`;

function reused(name: string, revision?: string): PlannedImage {
  return anImage(name, {
    decision: { action: 'reuse', digest: DIGEST, ...(revision !== undefined && { revision }) },
  });
}

describe('generator/reuse/reused-annotation', () => {
  it('has the reused images and no others', () => {
    const json = reusedAnnotation([anImage('trainer'), reused('server', REVISION), reused('loader')]);
    expect(JSON.parse(json!)).to.deep.equal({
      server: { repository: 'registry.example.com/team/server', digest: DIGEST, revision: REVISION },
      loader: { repository: 'registry.example.com/team/loader', digest: DIGEST },
    });
    expect(reusedAnnotation([anImage('trainer')])).to.equal(undefined);
  });

  it('leaves out a revision that is no commit: everybody who can push can write the label', () => {
    for (const revision of ['', 'main', '{{workflow.name}}', `${REVISION}\n`])
      expect(reusedAnnotation([reused('server', revision)])).to.not.include('revision');
  });

  it('is bounded: without commits where there are many images, and absent where there are too many', () => {
    const many = (count: number): string | undefined =>
      reusedAnnotation(Array.from({ length: count }, (_, at) => reused(`image-${at}`, REVISION)));
    expect(many(500)).to.include(REVISION);
    expect(many(700)).to.be.a('string').and.not.include(REVISION);
    expect(many(700)!.length).to.be.below(131_073);
    expect(many(2_000)).to.equal(undefined);
  });
});
