/** What `COPY` and `ADD` take from the build context: paths from its root, `*` and `?` as they are written. */
export function copiedPaths(dockerfile: string): string[] {
  const lines = withoutHeredocs(dockerfile)
    .replace(/^[ \t]*#.*\n?/gm, '')
    .replace(/[\\`][ \t]*\n/g, ' ')
    .split('\n');
  const paths = lines.flatMap((line) => {
    const [, rest] = /^\s*(?:COPY|ADD)\s(.+)$/i.exec(line) ?? [];
    return rest === undefined ? [] : sourcesOf(rest);
  });
  return [...new Set(paths)];
}

/** Without those from another stage, from the network, and those that only a build argument names. */
function sourcesOf(rest: string): string[] {
  let text = rest.trim();
  for (let flag = /^--\S+\s+/.exec(text); flag; flag = /^--\S+\s+/.exec(text)) {
    if (/^--from=/i.test(flag[0])) return [];
    text = text.slice(flag[0].length);
  }
  const words = text.startsWith('[') ? jsonWords(text) : text.split(/\s+/);
  return words
    .slice(0, -1)
    .filter((word) => !/^(?:[a-z]+:\/\/|git@|<<)/i.test(word))
    .map(contextPath)
    .filter((path) => path !== undefined);
}

function jsonWords(text: string): string[] {
  try {
    return (JSON.parse(text) as unknown[]).filter((word) => typeof word === 'string');
  } catch {
    return [];
  }
}

/** As Docker reads it: from the context's root, which no `..` leaves. A variable hides all that is below it. */
function contextPath(word: string): string | undefined {
  const known = word.replace(/^["']|["']$/g, '');
  const variable = known.indexOf('$');
  const path = variable === -1 ? known : known.slice(0, known.lastIndexOf('/', variable) + 1);
  if (variable !== -1 && path === '') return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The lines of a here-document are files of their own, or commands. */
function withoutHeredocs(text: string): string {
  let end: string | undefined;
  return text
    .split(/\r?\n/)
    .filter((line) => {
      if (end !== undefined) {
        if (line.replace(/^\t+/, '') === end) end = undefined;
        return false;
      }
      const [, word] = /^\s*(?:COPY|ADD|RUN)\b.*<<-?["']?(\w+)["']?/i.exec(line) ?? [];
      end = word;
      return true;
    })
    .join('\n');
}
