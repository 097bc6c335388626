import { enumerate } from '../../../common/enumerate.js';
import { renderHelp } from '../../comment/answers.js';
import { buildsForks } from '../../rules/repository-settings.js';
import { flagUsage, operands } from '../parse/grammar.js';
import type { Verb } from './verb.js';

/**
 * `/help`: lists verbs.
 *
 * @param others - the verbs to list, in this order; `help` is the last
 */
export function helpFor(others: readonly Verb[]): Verb {
  const help: Verb = {
    name: 'help',
    flags: [],
    ignoresRest: true,
    help: 'shows this',
    readsFiles: false,
    isShared: () => true,
    run: ({ settings, render: { prefix } }, { pullRequest }) => {
      const forks = buildsForks(settings, pullRequest.repository);
      return {
        kind: 'answer',
        markdown: helpMarkdown([...others, help], { forks, ...(prefix && { prefix }) }),
      };
    },
  };
  return help;
}

/** The answer to `help`. */
export function helpMarkdown(
  verbs: readonly Verb[],
  { prefix, forks }: { readonly prefix?: string; readonly forks: boolean },
): string {
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
