import { expect } from 'chai';

import { parseComment, VERBS, verbOf } from '../../../../../server/commands/verb-table.js';
import { helpMarkdown, verbMarkdown } from '../../../../../server/commands/verbs/help.js';
import type { CommandReply } from '../../../../../server/builds/authorised-command.js';
import type { Verb } from '../../../../../server/commands/verbs/verb.js';
import { pullRequest } from '../../facts.js';

/** The answer to a comment, with these settings. */
async function answered(body: string, settings: object = {}, prefix?: string): Promise<CommandReply> {
  const { command } = parseComment(body, prefix);
  if (!command) throw new Error(`${body} is no command`);
  const server = { repositories: ['my-team/iris'], command_prefix: prefix, ...settings };
  const context = { settings: { server }, render: { web: 'https://github.com', prefix } };
  const authorised = { command, pullRequest: pullRequest() };
  const [one, two] = [context, authorised] as unknown as Parameters<Verb['run']>;
  return (await verbOf(command).run(one, two, undefined as never)) as CommandReply;
}

describe('the answer to /help', () => {
  it('lists every command as it is written here', () => {
    expect(helpMarkdown(VERBS, { forks: false }))
      .to.include('| `/build_run [IMAGE...]` |')
      .and.to.include('`/help COMMAND` explains one of them')
      .and.not.to.include('ok-to-test')
      .and.not.to.include('deploy');
    expect(helpMarkdown(VERBS, { prefix: '/kfops', forks: true }))
      .to.include('| `/kfops build [IMAGE...]` |')
      .and.to.include('`/kfops help COMMAND` explains one of them')
      .and.to.include('`/kfops ok-to-test COMMIT`');
  });

  it('lists every flag once, with the commands that have it', () => {
    const text = helpMarkdown(VERBS, { forks: false });
    expect(text).to.include('- `--force` (`build` and `build_run`): ');
    expect(text).to.include('- `--version-id=ID` (`run`): ');
    expect(text.split('--no-cache')).to.have.length(2);
  });
});

describe('the answer to /help COMMAND', () => {
  it('has the usage, each flag and operand, examples, what it starts and who may use it', async () => {
    const { kind, markdown } = await answered('/help build');
    expect(kind).to.equal('answer');
    expect(markdown.split('\n')[0]).to.equal('`/build [IMAGE...] [--force] [--no-cache]`');
    expect(markdown)
      .to.include('- `IMAGE`: Write the names of images')
      .and.to.include('- `--no-cache`: disables the layer cache.')
      .and.to.include('| `/build trainer --no-cache` | builds `trainer`')
      .and.to.include('**Starts:** a workflow that builds images')
      .and.to.include('**Who:** people with write permission in this repository.');
  });

  it('says how a value of a flag looks', async () => {
    const { markdown } = await answered('/help run');
    expect(markdown).to.match(/- `--version-id=ID`: runs this version[^\n]*\. Copy it from Kubeflow/);
  });

  it('names the approval that commits of a fork need, where forks are built', async () => {
    const forks = { forks: { registry: 'registry.example.com/forks' } };
    expect((await answered('/help build', forks)).markdown).to.include('needs `/ok-to-test COMMIT` first');
    expect((await answered('/help status', forks)).markdown).not.to.include('ok-to-test');
    expect((await answered('/help build')).markdown).not.to.include('ok-to-test');
  });

  it('writes commands with the prefix', async () => {
    const { markdown } = await answered('/kfops help build_run', {}, '/kfops');
    expect(markdown)
      .to.include('`/kfops build_run [IMAGE...]')
      .and.to.include('| `/kfops build_run --set epochs=20` |');
    expect((await answered('/kfops help bild', {}, '/kfops')).markdown).to.include('`/kfops help build`');
  });

  it('suggests the nearest command for an unknown one', async () => {
    const { kind, markdown } = await answered('/help biuld');
    expect(kind).to.equal('refusal');
    expect(markdown)
      .to.include('`/biuld` is no command. Did you mean `/help build`?')
      .and.to.include('`/help` lists all commands.');
    expect((await answered('/help xyzzy')).markdown).not.to.include('Did you mean');
  });

  it('takes a dash for an underscore', async () => {
    expect((await answered('/help build-run')).markdown).to.include('`/build_run [IMAGE...]');
  });

  it('says of a command of 2022 that it is not there yet', async () => {
    expect((await answered('/help deploy')).markdown).to.equal((await answered('/deploy')).markdown);
  });

  it('explains every command that the list has, with one or two examples that are understood', () => {
    for (const verb of VERBS.filter(({ help }) => help !== undefined)) {
      const { name, examples = [] } = verb;
      expect(examples.length, name).to.be.within(1, 2);
      expect(verbMarkdown(verb, { forks: true }), name)
        .to.include('**Starts:**')
        .and.to.include('**Who:**');
      for (const [rest] of examples)
        expect(parseComment(`/${name} ${rest}`).command?.verb, `${name} ${rest}`).to.equal(name);
    }
  });
});
