import { expect } from 'chai';
import { pino } from 'pino';

import { ANNOTATIONS, LABELS, MANAGED_BY } from '../../../../generator/workflow/names.js';
import type { ServerContext } from '../../../../server/context.js';
import { GitHubError } from '../../../../server/github/errors.js';
import { RunningBuilds } from '../../../../server/inbox/running-builds.js';
import type { Permission, PullRequest, PullRequestRef, Repository } from '../../../../server/ports.js';
import { ANN, HEAD, pullRequest, REPOSITORY } from '../facts.js';

const log = pino({ level: 'silent' });
const OTHER: Repository = { id: 70, owner: 'other-team', name: 'iris' };

/** A cluster with running workflows, and GitHub with what it is asked. */
class Outside {
  readonly calls: string[] = [];
  readonly stopped = new Map<string, unknown>();
  readonly noted: number[] = [];
  pulls: PullRequestRef[] = [];
  /** Running workflows in the namespace of another team. */
  elsewhere: PullRequestRef[] = [];
  /** What GitHub shows of a pull request. */
  shows: (ref: PullRequestRef) => PullRequest | undefined = (ref) => pullRequest(ref);
  repository: (owner: string, name: string) => Repository | undefined = () => REPOSITORY;
  permission: (of: Repository) => Permission | Error = () => 'write';
  /** Who asked for the builds of a pull request. */
  by: (ref: PullRequestRef) => string = () => ANN.login;

  readonly world = {
    settings: { server: { repositories: ['my-team/iris'] } },
    cluster: {
      namespaces: ['kfops', 'elsewhere'],
      namespaceOf: ({ owner }: Repository) => (owner === OTHER.owner ? 'elsewhere' : 'kfops'),
      client: { call: (call: Call) => Promise.resolve(this.#cluster(call)) },
    },
    conversations: {
      change: ({ number }: PullRequestRef) => {
        this.noted.push(number);
        return Promise.resolve();
      },
    },
    github: {
      repository: (owner: string, name: string) =>
        this.#ask('repository', () => this.repository(owner, name)),
      people: {
        permission: (of: Repository) => this.#ask('permission', () => this.permission(of)),
      },
      pullRequests: {
        read: (ref: PullRequestRef) => this.#ask(`pull ${ref.number}`, () => this.shows(ref)),
        comment: (_: Repository, id: number) => this.#ask(`comment ${id}`, () => undefined),
      },
    },
  } as unknown as ServerContext;

  #cluster({ method, path, body }: Call): unknown {
    if (method === 'PATCH') {
      const { metadata } = body as { metadata?: { annotations?: Record<string, string> } };
      const [, where = ''] = /\/namespaces\/([^/]+)\//.exec(path) ?? [];
      const name = path.split('/').at(-1) ?? '';
      this.stopped.set(
        where === 'kfops' ? name : `${where}/${name}`,
        metadata?.annotations?.[ANNOTATIONS.stopReason],
      );
      return {};
    }
    const pulls = path.includes('/namespaces/elsewhere/') ? this.elsewhere : this.pulls;
    const items = pulls.map((ref) => this.#workflow(ref));
    const asked = items.find(({ metadata }) => path.endsWith(`/${metadata.name}`));
    return asked ? { ...asked, spec: {} } : { metadata: { resourceVersion: '1' }, items };
  }

  #workflow(ref: PullRequestRef) {
    const { repository, number } = ref;
    return {
      metadata: {
        name: `w-${repository.id}-${number}`,
        creationTimestamp: '2026-01-02T03:04:05Z',
        labels: {
          [LABELS.managedBy]: MANAGED_BY,
          [LABELS.pullRequest]: String(number),
          [LABELS.commit]: HEAD,
        },
        annotations: {
          [ANNOTATIONS.repositoryId]: String(repository.id),
          [ANNOTATIONS.repository]: `${repository.owner}/${repository.name}`,
          [ANNOTATIONS.comments]: '[5]',
          [ANNOTATIONS.verb]: 'build',
          [ANNOTATIONS.requestedBy]: this.by(ref),
        },
      },
    };
  }

  #ask<T>(what: string, answer: () => T | Error): Promise<T> {
    this.calls.push(what);
    const found = answer();
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
  }
}

interface Call {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
}

const { signal } = new AbortController();

describe('threat 55: a look at what runs', () => {
  let outside: Outside;
  let running: RunningBuilds;
  beforeEach(() => {
    outside = new Outside();
    running = new RunningBuilds(outside.world);
  });

  async function look(times = 1): Promise<readonly string[]> {
    const before = outside.calls.length;
    for (let i = 0; i < times; i++) await running.check(log, signal);
    return outside.calls.slice(before);
  }

  it('costs nothing at GitHub while nothing runs', async () => {
    expect(await look()).to.deep.equal([]);
  });

  it('is bounded, and comes to each pull request in turn', async () => {
    outside.pulls = Array.from({ length: 120 }, (_, i) => ({ repository: REPOSITORY, number: i + 1 }));
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const calls = await look();
      // The repository, 50 pull requests, and the one person who asked for all of it.
      expect(calls).to.have.length(52);
      for (const call of calls) seen.add(call);
    }
    expect(seen.size).to.equal(122);
  });

  it('people and repositories take turns: one with many builds delays no other', async () => {
    const two = { ...REPOSITORY, id: 8, name: 'two' };
    outside.world.settings.server.repositories.push('my-team/two');
    outside.repository = (_, name) => (name === two.name ? two : REPOSITORY);
    outside.by = ({ number }) => (number === 150 ? 'bob' : ANN.login);
    outside.pulls = Array.from({ length: 150 }, (_, i) => ({ repository: REPOSITORY, number: i + 1 }));
    outside.pulls.push({ repository: two, number: 200 });
    for (let round = 1; round <= 3; round++) {
      const calls = await look();
      expect(calls, `round ${round}`).to.include.members(['pull 150', 'pull 200']);
      expect(calls.filter((call) => call.startsWith('pull '))).to.have.length(50);
    }
  });

  it('stops what is closed or gone, and nothing that goes on', async () => {
    outside.pulls = [1, 2, 3].map((number) => ({ repository: REPOSITORY, number }));
    outside.shows = (ref) => (ref.number === 3 ? undefined : pullRequest({ ...ref, open: ref.number === 1 }));
    await look();
    expect([...outside.stopped]).to.deep.equal([
      ['w-7-2', 'closed'],
      ['w-7-3', 'gone'],
    ]);
    expect(outside.noted).to.deep.equal([]);
  });

  it('notes that the head moved', async () => {
    outside.pulls = [{ repository: REPOSITORY, number: 1 }];
    const head = { commit: 'c'.repeat(40), branch: 'change', repository: REPOSITORY };
    outside.shows = (ref) => pullRequest({ ...ref, head });
    await look();
    expect(outside.noted).to.deep.equal([1]);
    expect(outside.stopped.size).to.equal(0);
  });

  for (const permission of ['none', 'read', 'triage'] as const) {
    it(`stops the build of somebody whose permission is ${permission}`, async () => {
      outside.pulls = [{ repository: REPOSITORY, number: 1 }];
      outside.permission = () => permission;
      await look();
      expect([...outside.stopped]).to.deep.equal([['w-7-1', 'permission']]);
    });
  }

  it('stops nothing while GitHub does not say', async () => {
    const failure = new GitHubError('', '500', '', { status: 500, trouble: 'unavailable' });
    outside.pulls = [{ repository: REPOSITORY, number: 1 }];
    outside.permission = () => failure;
    await look(5);
    outside.permission = () => 'write';
    outside.shows = () => {
      throw failure;
    };
    await look(5);
    expect(outside.stopped.size).to.equal(0);
  });

  it('leaves builds of other repositories to their server', async () => {
    outside.pulls = [{ repository: OTHER, number: 1 }];
    expect(await look()).to.deep.equal([]);
    expect(outside.stopped.size).to.equal(0);
  });

  for (const [what, repository] of [
    ['was removed', () => undefined],
    ['was transferred', () => ({ ...REPOSITORY, owner: 'another' })],
    ['has its name from another one', () => ({ ...REPOSITORY, id: 1 })],
  ] as const) {
    it(`stops what runs in a repository that ${what}, when two looks find it so`, async () => {
      outside.pulls = [{ repository: REPOSITORY, number: 1 }];
      outside.repository = repository;
      await look();
      outside.repository = () => REPOSITORY;
      await look();
      outside.repository = repository;
      await look();
      expect(outside.stopped.size).to.equal(0);
      await look();
      expect([...outside.stopped]).to.deep.equal([['w-7-1', 'gone']]);
    });
  }

  it('stops what runs in a repository that was removed, also where a round does not cover all repositories', async () => {
    const all = Array.from({ length: 120 }, (_, i) => ({ ...REPOSITORY, id: i + 1, name: `r${i + 1}` }));
    outside.world.settings.server.repositories.push(...all.map(({ name }) => `my-team/${name}`));
    outside.repository = (_, name) => (name === 'r1' ? undefined : all.find((each) => each.name === name));
    outside.pulls = all.map((repository) => ({ repository, number: 1 }));
    await look(2);
    expect(outside.stopped.size).to.equal(0);
    await look();
    expect([...outside.stopped]).to.deep.equal([['w-1-1', 'gone']]);
  });

  describe('threat 44: of a workflow that a team forged in its own namespace', () => {
    const FORGED: Repository = { ...OTHER, id: REPOSITORY.id };
    beforeEach(() => {
      outside.world.settings.server.repositories.push(`${OTHER.owner}/${OTHER.name}`);
      outside.repository = (owner) => (owner === OTHER.owner ? OTHER : REPOSITORY);
      outside.pulls = [{ repository: REPOSITORY, number: 1 }];
    });

    it('with the id of another repository stops only that workflow', async () => {
      outside.elsewhere = [{ repository: FORGED, number: 1 }];
      await look(3);
      expect([...outside.stopped]).to.deep.equal([['elsewhere/w-7-1', 'gone']]);
    });

    it('with the name of another repository stops only that workflow', async () => {
      outside.elsewhere = [{ repository: { ...REPOSITORY, id: OTHER.id }, number: 1 }];
      await look(3);
      expect([...outside.stopped]).to.deep.equal([['elsewhere/w-70-1', 'gone']]);
    });

    it('in a shared namespace, stops no workflow of the same number of another repository', async () => {
      outside.repository = (owner) => (owner === OTHER.owner ? undefined : REPOSITORY);
      outside.pulls.push({ repository: OTHER, number: 1 });
      await look(3);
      expect([...outside.stopped]).to.deep.equal([['w-70-1', 'gone']]);
    });

    it('delays no workflow of another namespace, whatever else is forged there', async () => {
      outside.elsewhere = Array.from({ length: 100 }, (_, i) => ({
        repository: { ...REPOSITORY, id: 100 + i },
        number: i + 100,
      }));
      for (let round = 1; round <= 3; round++) expect(await look(), `round ${round}`).to.include('pull 1');
    });

    it('takes nobody a permission in another repository', async () => {
      outside.repository = (owner) => (owner === OTHER.owner ? FORGED : REPOSITORY);
      outside.permission = ({ owner }) => (owner === OTHER.owner ? 'none' : 'write');
      await look();
      // It was never checked, so it is the first that is asked for.
      outside.elsewhere = [{ repository: FORGED, number: 1 }];
      await look();
      expect([...outside.stopped]).to.deep.equal([['elsewhere/w-7-1', 'permission']]);
    });
  });
});
