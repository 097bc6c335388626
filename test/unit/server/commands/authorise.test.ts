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
}: {
  readonly permission?: Permission | Error;
  readonly reactions?: readonly Reaction[];
  readonly refusals?: Refusals;
  readonly repositories?: readonly string[];
} = {}): ServerContext {
  return {
    settings: { server: { repositories } },
    refusals,
    github: {
      people: {
        me: () => Promise.resolve(ME),
        permission: () =>
          permission instanceof Error ? Promise.reject(permission) : Promise.resolve(permission),
      },
      reactions: { mine: () => Promise.resolve(new Set(reactions)) },
    },
  } as unknown as ServerContext;
}

function placed(author: Account = ANN, edited = false): PlacedComment {
  const comment = { id: 1, body: '/build', author, edited, url: '', createdAt: new Date(0) };
  return { pullRequest: { repository: REPOSITORY, number: 17 }, comment };
}

describe('the look at a comment', () => {
  it('finds who wrote it, and what they may do', async () => {
    for (const permission of ['admin', 'write', 'read', 'none'] as const)
      expect(await authorise(world({ permission }), placed()), permission).to.deep.equal({
        repositories: ['my-team/iris'],
        repository: REPOSITORY,
        author: ANN,
        me: ME,
        edited: false,
        permission,
      });
  });

  it('goes no further for a bot, an edited comment, or a repository that is not served', async () => {
    const bot = { id: 5, login: 'x[bot]', bot: true };
    expect(await authorise(world(), placed(bot))).to.deep.equal({ ignored: 'comment of a bot' });
    expect(await authorise(world(), placed(ANN, true))).to.deep.equal({ ignored: 'the comment was edited' });
    expect(await authorise(world({ repositories: [] }), placed())).to.have.property('ignored');
  });

  it('goes no further where the comment was handled', async () => {
    for (const reaction of ['rocket', '-1'] as const)
      expect(await authorise(world({ reactions: ['eyes', reaction] }), placed())).to.deep.equal({
        ignored: 'handled before',
      });
    expect(await authorise(world({ reactions: ['eyes'] }), placed())).to.have.property('permission', 'write');
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
