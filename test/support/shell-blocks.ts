/** A command in a code block of a document. */
export interface DocumentedCommand {
  /** The number of its first line. */
  readonly line: number;
  /** Its words, without quotes; what follows an operator (`|`, `>`, `&&`, `;`) is another command or dropped. */
  readonly words: readonly string[];
}

/** A code block of a document that holds commands. */
export interface DocumentedBlock {
  /** `sh`: a script. `console`: commands behind `$ `, each followed by what it prints. */
  readonly language: string;
  /** The number of its first line, without the fence. */
  readonly line: number;
  /** Its lines, without the indentation of the list that it's in; the last one ends with a line feed, too. */
  readonly text: string;
}

/** Languages of blocks with commands; a page uses the first two only. */
const SHELLS = ['sh', 'console', 'bash', 'shell', 'zsh'];

/** The blocks of a Markdown text that hold commands. */
export function documentedBlocks(markdown: string): DocumentedBlock[] {
  const found: DocumentedBlock[] = [];
  let open: { language: string; line: number; indent: string; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^(\s*)```(\w*)/.exec(line);
    if (!fence) {
      open?.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else if (open === undefined) {
      open = { language: fence[2] ?? '', line: index + 2, indent: fence[1] ?? '', lines: [] };
    } else {
      const { language, line: first, lines } = open;
      if (SHELLS.includes(language)) found.push({ language, line: first, text: `${lines.join('\n')}\n` });
      open = undefined;
    }
  }
  return found;
}

/** A command of a `console` block, and the lines that it prints. */
export interface ShownCommand {
  readonly command: string;
  readonly shown: readonly string[];
}

/** The commands of a `console` block, with what each prints. */
export function shownCommands({ text }: DocumentedBlock): ShownCommand[] {
  const found: { command: string; shown: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ')) found.push({ command: line.slice(2), shown: [] });
    else if (line !== '') found.at(-1)?.shown.push(line);
  }
  return found;
}

/** The commands in the `sh` and `console` blocks of a Markdown text; of `console`, those behind `$ `. */
export function documentedCommands(markdown: string): DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let language = '';
  let pending = '';
  let start = 0;
  for (const [index, raw] of markdown.split('\n').entries()) {
    const line = raw.trim();
    const fence = /^```(\w*)/.exec(line);
    if (fence) {
      language = language === '' ? (fence[1] ?? 'text') || 'text' : '';
      pending = '';
      continue;
    }
    if (!['sh', 'console'].includes(language)) continue;
    if (language === 'console' && pending === '' && !line.startsWith('$ ')) continue;
    if (pending === '') start = index + 1;
    const text = `${pending}${line.replace(/^\$ /, '')}`;
    pending = text.endsWith('\\') ? `${text.slice(0, -1)} ` : '';
    if (pending === '') for (const words of commandsOf(text)) found.push({ line: start, words });
  }
  return found;
}

/** A shell's reading, as far as documents need it: quotes, comments, operators. */
function commandsOf(text: string): string[][] {
  const commands: string[][] = [[]];
  const token =
    /\s*(?:(#.*)|(\|\||&&|[|;&])|(\d?[<>]+\s*\S+)|((?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"|;&<>])+))/y;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [, , operator, , word] = match;
    if (operator !== undefined) commands.push([]);
    if (word !== undefined) commands.at(-1)?.push(word.replace(/['"]/g, ''));
  }
  return commands.filter((words) => words.length > 0);
}
