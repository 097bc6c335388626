import { expect } from 'chai';

import { failureOf, unreadable, waitingFor, wasStopped } from '../../../pipeline/run-state.js';

const failed = (...tasks: readonly object[]): Record<string, unknown> => ({
  state: 'FAILED',
  run_details: { task_details: tasks.map((task) => ({ state: 'FAILED', ...task })) },
});

describe('what a run of Kubeflow Pipelines says', () => {
  it('names the steps that failed, not the nodes around them', () => {
    const run = failed(
      { display_name: 'iris-x7k2p', child_tasks: [{ pod_name: 'iris-x7k2p-108' }] },
      { display_name: 'root', child_tasks: [{ pod_name: 'iris-x7k2p-291' }] },
      { display_name: 'train', child_tasks: [{ pod_name: 'iris-x7k2p-330' }] },
      { display_name: 'executor' },
      { display_name: 'executor(0)' },
      { display_name: 'test(1)' },
      { display_name: 'test(0)' },
      { display_name: 'load', state: 'SUCCEEDED' },
    );
    expect(failureOf(run)).to.equal('in the steps train, test');
    expect(failureOf(failed({ display_name: 'train' }))).to.equal('in the step train');
  });

  it('names no workflow where that and each of its attempts failed', () => {
    const children = (...ids: number[]): object => ({
      child_tasks: ids.map((id) => ({ pod_name: `iris-x7k2p-${id}` })),
    });
    const run = failed(
      { display_name: 'iris-x7k2p', ...children(1, 2) },
      { display_name: 'iris-x7k2p(0)', ...children(3) },
      { display_name: 'iris-x7k2p(1)' },
      { display_name: 'root(1)', ...children(4) },
      { display_name: 'iris', ...children(5) },
      { display_name: 'iris(1)' },
    );
    expect(failureOf(run)).to.equal('in the step iris');
  });

  it('waits for steps that are pending while no other works', () => {
    const child_tasks = [{ pod_name: 'iris-x7k2p-7' }];
    const run = (...tasks: readonly object[]): Record<string, unknown> => ({
      state: 'RUNNING',
      run_details: {
        task_details: [{ display_name: 'iris-x7k2p', state: 'RUNNING', child_tasks }, ...tasks],
      },
    });
    const driver = { display_name: 'root-driver(0)', state: 'PENDING' };
    expect(waitingFor(run(driver))).to.deep.equal(['root-driver']);
    expect(waitingFor(run(driver, { display_name: 'train', state: 'RUNNING' }))).to.deep.equal([]);
    expect(waitingFor(run())).to.deep.equal([]);
    expect(waitingFor({ ...run(driver), state: 'FAILED' })).to.deep.equal([]);
  });

  it('names ten steps at most', () => {
    const run = failed(...Array.from({ length: 12 }, (_, i) => ({ display_name: `step-${i}` })));
    expect(failureOf(run)).to.match(/step-9, and 2 more$/);
  });

  it('takes an error of the run’s own first, and says nothing where there is nothing', () => {
    expect(failureOf({ ...failed({ display_name: 'x' }), error: { message: 'no' } })).to.equal('no');
    for (const run of [
      failed(),
      { state: 'FAILED', error: null },
      { state: 'SUCCEEDED' },
      failed({}, { display_name: 1 }),
    ])
      expect(failureOf(run)).to.equal(undefined);
  });

  it('was stopped where it stands in its history', () => {
    const history = [{ state: 'RUNNING' }, { state: 'CANCELING' }, { state: 'FAILED' }];
    expect(wasStopped({ state: 'FAILED', state_history: history })).to.equal(true);
    expect(wasStopped({ state: 'CANCELING' })).to.equal(true);
    // It was faster than the stop.
    expect(wasStopped({ state: 'SUCCEEDED', state_history: history })).to.equal(false);
    expect(wasStopped({ state: 'FAILED' })).to.equal(false);
  });

  it('cannot be read where it has an error and no state', () => {
    const error = { message: 'broken' };
    expect(unreadable({ error })).to.equal('broken');
    expect(unreadable({ error, state: 'RUNTIME_STATE_UNSPECIFIED' })).to.equal('broken');
    expect(unreadable({ error, state: 'FAILED' })).to.equal(undefined);
    expect(unreadable({ error: null })).to.equal(undefined);
  });
});
