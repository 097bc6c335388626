/**
 * The line of an instruction in a Dockerfile. Kaniko prints an instruction on one line, with its continuations joined
 * and no comments; so it is compared without regard to white space.
 *
 * @param dockerfile - its text
 * @param instruction - as Kaniko prints it: `RUN pip install -r requirements.txt`
 * @returns the line on which it begins, from 1; undefined where it is not there, or more than once
 * @see https://docs.docker.com/reference/dockerfile/#format
 */
export function instructionLine(dockerfile: string, instruction: string): number | undefined {
  const escape = /^#\s*escape\s*=\s*`\s*$/im.test(dockerfile.split(/\r?\n(?!#)/, 1)[0] ?? '') ? '`' : '\\';
  const wanted = squeezed(instruction);
  const found: number[] = [];
  let unfinished: { readonly line: number; text: string } | undefined;
  dockerfile.split(/\r?\n/).forEach((line, at) => {
    // Comments and empty lines can be between the parts of an instruction.
    if (/^\s*(?:#|$)/.test(line)) return;
    const goesOn = line.trimEnd().endsWith(escape);
    const text = goesOn ? line.trimEnd().slice(0, -1) : line;
    unfinished = { line: unfinished?.line ?? at + 1, text: (unfinished?.text ?? '') + text };
    if (goesOn) return;
    if (squeezed(unfinished.text) === wanted) found.push(unfinished.line);
    unfinished = undefined;
  });
  return found.length === 1 ? found[0] : undefined;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
