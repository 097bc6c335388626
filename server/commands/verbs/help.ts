import { enumerate } from '../../../common/enumerate.js';
import { suggest } from '../../../common/suggest.js';
import { sentence } from '../../../schema/sentence.js';
import { refusal } from '../../builds/replies.js';
import { renderHelp, renderVerbHelp } from '../../comment/answers.js';
import { commandCode, commandStart } from '../../comment/view.js';
import { buildsForks } from '../../rules/repository-settings.js';
import { flagUsage, operands, usage, type FlagRule, type ValueRule } from '../parse/grammar.js';
import type { Verb } from './verb.js';

/** How commands are written, and whether builds of forks are set up. */
export interface HelpOptions {
  readonly prefix?: string;
  readonly forks: boolean;
}

/**
 * `/help`: lists verbs, or explains one.
 *
 * @param others - the verbs to list, in this order; `help` is the last
 * @param unlisted - verbs that explain themselves
 */
export function helpFor(others: readonly Verb[], unlisted: readonly Verb[]): Verb {
  const help: Verb = {
    name: 'help',
    flags: [],
    argument: {
      name: 'COMMAND',
      pattern: /^[a-z][a-z_-]{0,30}$/i,
      hint: 'Write the name of a command.',
      what: 'the name of a command',
      optional: true,
    },
    ignoresRest: true,
    help: 'lists the commands, or explains the one that you name',
    examples: [
      ['', 'lists all commands'],
      ['build', 'explains the command, its flags and what it starts'],
    ],
    readsFiles: false,
    isShared: () => true,
    run: (context, authorised, work) => {
      const { prefix } = context.render;
      const options = {
        forks: buildsForks(context.settings, authorised.pullRequest.repository),
        ...(prefix !== undefined && { prefix }),
      };
      const listed = [...others, help];
      const { argument } = authorised.command;
      if (argument === undefined) return { kind: 'answer', markdown: helpMarkdown(listed, options) };
      const verb = named(argument, listed);
      if (verb) return { kind: 'answer', markdown: verbMarkdown(verb, options) };
      const own = named(argument, unlisted);
      return own ? own.run(context, authorised, work) : unknownVerb(argument, listed, prefix);
    },
  };
  return help;
}

/** `-` and `_` are the same here. */
function named(name: string, verbs: readonly Verb[]): Verb | undefined {
  return verbs.find((verb) => verb.name.replaceAll('-', '_') === name.replaceAll('-', '_'));
}

function unknownVerb(
  name: string,
  verbs: readonly Verb[],
  prefix: string | undefined,
): ReturnType<typeof refusal> {
  const near = suggest(
    name,
    verbs.map((verb) => verb.name),
  );
  const meant = near === undefined ? '' : ` Did you mean ${commandCode(`help ${near}`, prefix)}?`;
  return refusal(
    `${commandCode(name, prefix)} is no command.${meant}`,
    `${commandCode('help', prefix)} lists all commands.`,
  );
}

/** The answer to `help`. */
export function helpMarkdown(verbs: readonly Verb[], { prefix, forks }: HelpOptions): string {
  const listed = verbs.filter(({ onlyForForks }) => forks || !onlyForForks);
  const flags = new Map<string, { readonly help: string; readonly verbs: string[] }>();
  for (const { name, flags: own } of listed) {
    for (const flag of own) {
      const usage = flagUsage(flag);
      const known = flags.get(usage) ?? { help: flag.help, verbs: [] };
      known.verbs.push(`\`${name}\``);
      flags.set(usage, known);
    }
  }
  return renderHelp({
    ...(prefix !== undefined && { prefix }),
    verbs: listed.flatMap((verb) =>
      verb.help === undefined ? [] : [{ usage: operands(verb), help: verb.help }],
    ),
    flags: [...flags].map(([usage, flag]) => ({ usage, verbs: enumerate(flag.verbs), help: flag.help })),
  });
}

/** The answer to `help VERB`. */
export function verbMarkdown(verb: Verb, { prefix, forks }: HelpOptions): string {
  const { name, help = '', argument, names, flags, examples = [], starts, readsFiles } = verb;
  const approval = `. A commit of a fork needs ${commandCode('ok-to-test COMMIT', prefix)} first`;
  return renderVerbHelp({
    usage: usage(verb, prefix),
    help: sentence(help),
    parts: [...[argument, names].flatMap((rule) => rule ?? []).map(operandHelp), ...flags.map(flagHelp)],
    examples: examples.map(([rest, does]) => ({
      command: `${commandStart(prefix)}${name} ${rest}`.trimEnd(),
      help: does,
    })),
    starts: starts === undefined ? 'nothing.' : `${starts}.`,
    who: `people with write permission in this repository${readsFiles && forks ? approval : ''}.`,
  });
}

function operandHelp({ name, hint }: ValueRule): { readonly usage: string; readonly help: string } {
  return { usage: name, help: hint };
}

function flagHelp(flag: FlagRule): { readonly usage: string; readonly help: string } {
  const { help, value } = flag;
  return { usage: flagUsage(flag), help: value ? `${help}. ${value.hint}` : `${help}.` };
}
