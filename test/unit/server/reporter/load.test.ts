import { expect } from 'chai';

import { argoBrings, serverWorkflow } from '../../../support/argo-status.js';
import { Stage } from './support.js';

const COUNT = 100;

describe('server/reporter: many pull requests at once', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it(`tells ${COUNT} pull requests, one comment each, the ends before the rest, a few at once`, async () => {
    const names = Array.from({ length: COUNT }, (_, n) => `w${n}`);
    names.forEach((name, n) => {
      stage.workflows.create(serverWorkflow(name, { pullRequest: n + 1, comments: [n + 1] }));
      argoBrings(stage.workflows, name, 'Running', { 'build-one': 'Running' });
    });
    let [now, most] = [0, 0];
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const asked: (string | undefined)[] = [];
    stage.beforeWrite = async ({ urgency }) => {
      asked.push(urgency);
      most = Math.max(most, ++now);
      await opened;
      now--;
    };
    stage.start();
    await stage.until(() => stage.clock.waiting > 0 && stage.api.watches === 1);
    // Half of them end before anything was told.
    const ended = names.filter((_, n) => n % 2 === 0);
    for (const name of ended) argoBrings(stage.workflows, name, 'Succeeded', {}, 'Succeeded');
    const told = (): number =>
      names.filter((_, n) => stage.github.has(n + 1) && stage.body(n + 1) !== '').length;
    const marked = (): boolean =>
      ended.every(
        (name) => stage.workflows.objects.get(name)!.metadata.labels!['kfops.dev/reported'] !== undefined,
      );
    await stage.until(() => now === 8);
    // The rest is due, too, while GitHub takes its time.
    stage.clock.advance(2_000);
    await stage.settled();
    expect(asked, 'none but ends').to.deep.equal(Array(8).fill('final'));
    open();
    await stage.until(marked);
    await stage.until(() => told() === COUNT);
    await stage.settled();
    for (const [number, github] of stage.github)
      expect(github.mine, `pull request ${number}`).to.have.length(1);
    expect(most).to.be.most(8);
    const comments = stage.writes.filter(({ kind }) => kind === 'comment');
    expect(comments).to.have.length(COUNT);
    const firstOfRest = asked.indexOf('progress');
    expect(
      asked.slice(firstOfRest).filter((urgency) => urgency === 'final'),
      'after the first of the rest',
    ).to.be.empty;
  }).timeout(120_000);
});
