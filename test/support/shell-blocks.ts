/** A command in a code block of a document. */
export interface DocumentedCommand {
  /** The number of its first line. */
  readonly line: number;
  /** Its words, without quotes; what follows an operator (`|`, `>`, `&&`, `;`) is another command or dropped. */
  readonly words: readonly string[];
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
