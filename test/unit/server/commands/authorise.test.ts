import { expect } from 'chai';

import { isHandled, authorise } from '../../../../server/commands/authorise.js';
import type { ServerContext } from '../../../../server/context.js';
import { Refusals } from '../../../../server/github/refusals.js';
import type { Account, Permission, PlacedComment, Reaction } from '../../../../server/ports.js';
import { ANN, ME, REPOSITORY } from '../facts.js';

/** A world in which somebody has this permission, and the server reacted so. */
function world({
  permission = 'write',
  reactions = [],
  refusals = new Refusals(),
  repositories = ['my-team/iris'],
  asked = [],
}: {
  readonly permission?: Permission | Error;
  readonly reactions?: readonly Reaction[];
  readonly refusals?: Refusals;
  readonly repositories?: readonly string[];
  /** Gets what GitHub is asked. */
  readonly asked?: string[];
} = {}): ServerContext {
  return {
    settings: { server: { repositories } },
    refusals,
    github: {
      people: {
        me: () => Promise.resolve(ME),
        permission: () => {
          asked.push('permission');
          return permission instanceof Error ? Promise.reject(permission) : Promise.resolve(permission);
        },
      },
      reactions: {
        mine: () => {
          asked.push('reactions');
          return Promise.resolve(new Set(reactions));
        },
      },
    },
  } as unknown as ServerContext;
}

function placed(author: Account = ANN, edited = false): PlacedComment {
  const comment = { id: 1, body: '/build', author, edited, url: '', createdAt: new Date(0) };
  return { pullRequest: { repository: REPOSITORY, number: 17 }, comment };
}

describe('server/commands/authorise', () => {
  const BOT: Account = { id: 5, login: 'x[bot]', bot: true };
  interface Case {
    readonly given?: Parameters<typeof world>[0];
    readonly author?: Account;
    readonly edited?: boolean;
    /** The permission that is known, or what becomes of the comment. */
    readonly expected: Permission | 'unknown' | 'ignored' | 'later';
    readonly asks: readonly string[];
  }
  const BOTH = ['permission', 'reactions'];
  const CASES: Readonly<Record<string, Case>> = {
    'an admin': { given: { permission: 'admin' }, expected: 'admin', asks: BOTH },
    'somebody who may write': { expected: 'write', asks: BOTH },
    'a stranger, who is told once': { given: { permission: 'read' }, expected: 'read', asks: BOTH },
    'somebody without any permission': { given: { permission: 'none' }, expected: 'none', asks: BOTH },
    'an author whose permission GitHub does not say': {
      given: { permission: new Error('502') },
      expected: 'unknown',
      asks: BOTH,
    },
    'a comment that was started': { given: { reactions: ['eyes'] }, expected: 'write', asks: BOTH },
    'a comment that was handled': {
      given: { reactions: ['eyes', 'rocket'] },
      expected: 'ignored',
      asks: BOTH,
    },
    'a comment that was refused': { given: { reactions: ['eyes', '-1'] }, expected: 'ignored', asks: BOTH },
    'a bot': { author: BOT, expected: 'ignored', asks: [] },
    'the server itself': { author: ME, expected: 'ignored', asks: [] },
    'an edited comment': { edited: true, expected: 'ignored', asks: [] },
    'a repository that is not served': { given: { repositories: [] }, expected: 'ignored', asks: [] },
  };
  for (const [who, { given, author = ANN, edited = false, expected, asks }] of Object.entries(CASES)) {
    it(`${who}: ${expected}, after asking for ${asks.join(' and ') || 'nothing'}`, async () => {
      const asked: string[] = [];
      const known = await authorise(world({ ...given, asked }), placed(author, edited));
      const outcome = 'permission' in known ? known.permission : Object.keys(known)[0];
      expect(outcome).to.equal(expected);
      expect(asked).to.deep.equal(asks);
    });
  }

  it('returns what the decision needs', async () => {
    expect(await authorise(world(), placed())).to.deep.equal({
      repositories: ['my-team/iris'],
      repository: REPOSITORY,
      author: ANN,
      me: ME,
      edited: false,
      permission: 'write',
    });
  });

  it('lets somebody who may write command again and again', async () => {
    const context = world({ refusals: new Refusals() });
    for (let i = 0; i < 10; i++)
      expect(await authorise(context, placed())).to.have.property('permission', 'write');
  });

  it('tells a stranger once, and ignores them then', async () => {
    const refusals = new Refusals();
    const stranger = world({ permission: 'read', refusals });
    expect(await authorise(stranger, placed())).to.have.property('permission', 'read');
    expect(await authorise(stranger, placed())).to.deep.equal({ ignored: 'refused before, or often enough' });
    expect(await authorise(world({ refusals: new Refusals() }), placed())).to.have.property(
      'permission',
      'write',
    );
  });

  it('ignores a stranger where they are not to be told, and tells them of their next command', async () => {
    const refusals = new Refusals();
    for (const permission of ['read', new Error('502')])
      expect(
        await authorise(world({ permission: permission as Permission, refusals }), placed(), {
          tellStrangers: false,
        }),
      ).to.have.property('ignored');
    expect(await authorise(world({ permission: 'read', refusals }), placed())).to.have.property('permission');
    expect(await authorise(world(), placed(), { tellStrangers: false })).to.have.property(
      'permission',
      'write',
    );
  });

  it('looks again later where GitHub does not say who may command', async () => {
    const refusals = new Refusals();
    const silent = world({ permission: new Error('502'), refusals });
    expect(await authorise(silent, placed())).to.have.property('permission', 'unknown');
    expect(await authorise(silent, placed())).to.deep.equal({ later: 'GitHub does not say who may command' });
  });

  it('looks again later in a flood of strangers', async () => {
    const refusals = new Refusals({ now: () => 0 });
    const found: object[] = [];
    for (let id = 100; id < 700; id++)
      found.push(
        await authorise(world({ permission: 'none', refusals }), placed({ id, login: `s${id}`, bot: false })),
      );
    expect(found.at(-1)).to.deep.equal({ later: 'too many strangers write commands' });
  });
});

describe('a comment', () => {
  it('was handled when it has the last of the server’s reactions', () => {
    const handled = (...reactions: Reaction[]): boolean => isHandled(new Set(reactions));
    expect([handled(), handled('eyes'), handled('rocket'), handled('-1')]).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
  });
});
