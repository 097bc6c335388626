import { renderNotThere } from '../../comment/answers.js';
import type { Verb } from './verb.js';

/** `/deploy`, a verb of Kfops (2022) that isn't supported yet. */
export const deploy = unsupported('deploy');

/** `/staging_deploy`, likewise. */
export const stagingDeploy = unsupported('staging_deploy');

function unsupported(name: string): Verb {
  return {
    name,
    flags: [],
    ignoresRest: true,
    readsFiles: false,
    isShared: () => true,
    run: ({ settings }) => ({
      kind: 'answer',
      markdown: renderNotThere(name, settings.server.command_prefix),
    }),
  };
}
