import { expect } from 'chai';

import { metrics, type Metrics } from '../../../../server/telemetry/metrics.js';

/** Its own lines, without those of the process. */
async function lines(counted: Metrics): Promise<string[]> {
  return (await counted.text()).split('\n').filter((line) => line.startsWith('kfops_'));
}

describe('metrics', () => {
  it('counts each thing under its name', async () => {
    const counted = metrics();
    counted.delivery('issue_comment', 'accepted');
    counted.delivery('issue_comment', 'accepted');
    counted.delivery('pull_request', 'ignored');
    counted.unverifiedBytes(2048);
    counted.command('build', 'submitted');
    counted.queueLength(3);
    counted.commentToWorkflow(1.5);
    counted.build('succeeded');
    counted.githubCall('GET /repos/{owner}/{repo}', 200);
    counted.githubCall('GET /repos/{owner}/{repo}', undefined);
    counted.githubQuota('core', 4999);
    counted.reconcileLag(12);
    counted.settingsValid(true);
    counted.planningStopped('memory');
    const text = (await lines(counted)).filter((line) => !line.includes('_bucket{'));
    expect(text).to.have.members([
      'kfops_deliveries_total{event="issue_comment",outcome="accepted"} 2',
      'kfops_deliveries_total{event="pull_request",outcome="ignored"} 1',
      'kfops_unverified_bytes 2048',
      'kfops_commands_total{command="build",outcome="submitted"} 1',
      'kfops_queue_length 3',
      'kfops_comment_to_workflow_seconds_sum 1.5',
      'kfops_comment_to_workflow_seconds_count 1',
      'kfops_builds_total{result="succeeded"} 1',
      'kfops_github_calls_total{route="GET /repos/{owner}/{repo}",status="200"} 1',
      'kfops_github_calls_total{route="GET /repos/{owner}/{repo}",status="none"} 1',
      'kfops_github_quota_remaining{resource="core"} 4999',
      'kfops_reconcile_lag_seconds 12',
      'kfops_settings_valid 1',
      'kfops_planning_stopped_total{reason="memory"} 1',
    ]);
    expect(await lines(counted)).to.include('kfops_comment_to_workflow_seconds_bucket{le="2"} 1');
    expect(await counted.text()).to.match(/^process_cpu_seconds_total /m);
  });

  it('shows the namespaces of builds of the latest settings only', async () => {
    const counted = metrics();
    const shown = async () => (await lines(counted)).filter((line) => line.includes('build_namespace'));
    counted.buildNamespaces(
      new Map([
        ['a', true],
        ['b', false],
      ]),
    );
    expect(await shown()).to.deep.equal([
      'kfops_build_namespace_up{build_namespace="a"} 1',
      'kfops_build_namespace_up{build_namespace="b"} 0',
    ]);
    counted.buildNamespaces(new Map([['a', true]]));
    expect(await shown()).to.deep.equal(['kfops_build_namespace_up{build_namespace="a"} 1']);
  });

  it('counts for each server apart', async () => {
    const [one, other] = [metrics(), metrics()];
    one.queueLength(5);
    expect(await lines(other)).to.include('kfops_queue_length 0');
  });

  it('keeps the number of labels small, whoever sends what', async () => {
    const counted = metrics();
    for (let i = 0; i < 1000; i++) {
      counted.delivery(`event-${i}`, 'ignored');
      counted.command(`verb-${i}`, 'ignored');
      counted.githubCall(`GET /made/up/${i}`, 404);
      counted.githubQuota(`budget-${i}`, i);
    }
    counted.command('x'.repeat(1000), 'ignored');
    const text = await lines(counted);
    expect(text.length).to.be.lessThan(200);
    expect(text).to.include('kfops_deliveries_total{event="other",outcome="ignored"} 1000');
    expect(text).to.include('kfops_commands_total{command="other",outcome="ignored"} 969');
  });
});
