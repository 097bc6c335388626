import type { Diagnostic, Located, Settings } from '../../schema/index.js';
import { isFor, namedRepository } from './repository-settings.js';

type Channel = Settings['notify'][number];

/** What is wrong with the channels for notifications: all of it, each at its line. */
export function checkNotify(settings: Located<Settings>): Diagnostic[] {
  const { notify, server } = settings.value;
  return notify.flatMap((channel, i) => {
    const { name, repositories } = channel;
    const at = (key: string, message: string, hint: string, severity?: 'warning'): Diagnostic =>
      settings.diagnostic(['notify', i, key], {
        code: 'SERVER_SETTINGS',
        message,
        hint,
        ...(severity && { severity }),
      });
    const isRepeated = notify.findIndex((each) => each.name === name) < i;
    const isUsed = server.repositories.some((full) => isFor(repositories, namedRepository(full)));
    return [
      ...(isRepeated
        ? [at('name', `Another channel has the name \`${name}\`, too.`, 'Rename one of them.')]
        : []),
      ...checkKeys(channel).map(([key, message, hint]) => at(key, message, hint)),
      ...(isUsed
        ? []
        : [
            at(
              'repositories',
              `None of \`server.repositories\` can use the channel \`${name}\`.`,
              'Check its patterns: `owner/name`, with `*` for any characters but `/`.',
              'warning',
            ),
          ]),
    ];
  });
}

/** @returns key, message and hint of what is wrong */
function checkKeys({
  name,
  kind,
  url,
  url_file: urlFile,
  secret_file: secretFile,
}: Channel): readonly (readonly [string, string, string])[] {
  const file = `/etc/kfops/notify/${name}`;
  const isSlack = kind === 'slack';
  const has = { url: url !== undefined, urlFile: urlFile !== undefined, secret: secretFile !== undefined };
  const rows: readonly (readonly [isWrong: boolean, key: string, message: string, hint: string])[] = [
    [
      !has.urlFile && !has.url,
      'url_file',
      `The channel \`${name}\` has no address.`,
      `Add \`url_file: ${file}\`${isSlack ? '.' : ', or `url: https://…`.'}`,
    ],
    [
      isSlack && has.url,
      'url',
      'The address of a `slack` channel is a secret, and `url` is readable.',
      `Put it into a file, and write \`url_file: ${file}\`.`,
    ],
    [
      !isSlack && has.url && has.urlFile,
      'url_file',
      `The channel \`${name}\` has two addresses.`,
      'Remove `url` or `url_file`.',
    ],
    [
      !isSlack && !has.secret,
      'secret_file',
      `The channel \`${name}\` has no secret for its signature.`,
      `Add \`secret_file: ${file}-secret\`.`,
    ],
    [
      isSlack && has.secret,
      'secret_file',
      'Messages of a `slack` channel have no signature.',
      'Remove `secret_file`.',
    ],
  ];
  return rows.flatMap(([isWrong, ...row]) => (isWrong ? [row] : []));
}
