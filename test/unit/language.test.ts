import { expect } from 'chai';
import ts from 'typescript';

import { documents, productFiles, schemas, templates, type ProjectFile } from '../support/product-files.js';

/** Words that are hard to read, and what to write instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\banew\b/gi, 'again'],
  [/\bwhoever\b/gi, 'name the person or part: "the cluster admin", "the caller"'],
  [/\bany more\b/gi, '"no longer", or leave it out'],
  [/\bbesides?\b/gi, 'next to, in addition to, also'],
  [/\bbe had\b/gi, 'get, pull, fetch, read'],
  [/\bstands? (?:here|there|in|at|on|for|twice|alone|between|before|behind)\b/gi, 'is in, has, means'],
  [/\btoo much here\b/gi, 'Unexpected …'],
  [/\b(?:is|are|was|were) to (?:be|do)\b/gi, 'must, should'],
  [/\b(?:gets?|got) over\b/gi, 'retries, recovers from'],
  [/\b(?:take|takes|taking|taken|took) up\b/gi, 'start, pick up'],
  [/\blaid over\b/gi, 'merged over'],
  [/(?<!\bthe )\bone that\b/gi, 'name the thing: "a workflow that …"'],
  [/\bnone that\b/gi, 'no … that'],
  [/\bthat which\b/gi, 'what'],
  [/\bmay not\b/gi, 'cannot, must not, might not'],
  [/\bnobody knows\b/gi, 'is unknown'],
  [/\bfor want of\b/gi, 'without'],
  [/\bis told to\b/gi, 'must, gets a request to'],
  [/\bplease\b/gi, 'leave it out'],
  [/\bit seems\b/gi, 'say what is known'],
  [/\bneed not\b/gi, "doesn't need to"],
  [/\bgo(?:es)? on\b/gi, 'continue'],
];

interface Hit {
  readonly path: string;
  readonly text: string;
  readonly instead: string;
}

/** What people read in a file: all of it, or the strings and comments of TypeScript. */
function proseOf({ path, text }: ProjectFile): string[] {
  return path.endsWith('.ts') ? stringsAndComments(path, text) : [unwrapped(text)];
}

function stringsAndComments(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.set(node.getStart(source), node.text);
    else if (ts.isTemplateExpression(node))
      found.set(
        node.getStart(source),
        [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'),
      );
    const comments = [
      ...(ts.getLeadingCommentRanges(text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.end) ?? []),
    ];
    for (const { pos, end } of comments) found.set(pos, text.slice(pos, end));
    // Not `forEachChild`: comments can be before tokens, too. JSDoc nodes repeat their comment.
    node
      .getChildren(source)
      .filter(({ kind }) => kind !== ts.SyntaxKind.JSDoc)
      .forEach(visit);
  };
  visit(source);
  const parts = [...found].sort(([a], [b]) => a - b).map(([, part]) => part);
  // Lines with `//` are comments of their own to the compiler, and one text to a reader.
  const joined: string[] = [];
  parts.forEach((part, at) => {
    if (part.startsWith('//') && parts[at - 1]?.startsWith('//'))
      joined.push(`${joined.pop() ?? ''}\n${part}`);
    else joined.push(part);
  });
  return joined.map(unwrapped);
}

/** Without the breaks of lines and what begins them in a comment, a quote or a list. */
function unwrapped(text: string): string {
  return text.replace(/\s*\n\s*(?:\*|\/\/|>|#+)?\s*/g, ' ');
}

function hitsIn(file: ProjectFile): Hit[] {
  return proseOf(file).flatMap((text) =>
    BANNED.flatMap(([pattern, instead]) =>
      [...text.matchAll(pattern)].map(({ index }) => ({
        path: file.path,
        text: text.slice(Math.max(0, index - 40), index + 60),
        instead,
      })),
    ),
  );
}

/** `server/http` of `server/http/body.ts`; '' in the root. */
const folderOf = (path: string): string => path.split('/').slice(0, -1).slice(0, 2).join('/');

const inTypeScript = (text: string): string[] => hitsIn({ path: 'x.ts', text }).map(({ instead }) => instead);

describe('the language of messages, comments and documents', () => {
  it('is checked in strings, templates and comments of TypeScript', () => {
    expect(inTypeScript("say('Made anew.')")).to.deep.equal(['again']);
    expect(inTypeScript('say(`${x} is made anew: ${y}`)')).to.deep.equal(['again']);
    expect(inTypeScript('/** It is any\n * more. */ const x = 1;')).to.have.length(1);
    expect(inTypeScript('/** @returns it anew */ function f() {}')).to.have.length(1);
    expect(inTypeScript('f(); // it is any\n// more\ng();')).to.have.length(1);
    expect(inTypeScript('const x = { // anew\n a: 1 };')).to.deep.equal(['again']);
  });

  it('is not checked in names', () => {
    expect(inTypeScript('const anew = whoever.besides;')).to.deep.equal([]);
  });

  it('is checked across the lines of a document', () => {
    expect(hitsIn({ path: 'x.md', text: 'It is any\nmore.' })).to.have.length(1);
  });

  const files = [...productFiles(), ...documents(), ...schemas(), ...templates()];
  // A test for each folder: reading them all takes longer than a test may.
  for (const folder of new Set(files.map(({ path }) => folderOf(path))))
    it(`has no banned words in ${folder === '' ? 'the root' : folder}`, () => {
      const found = files
        .filter(({ path }) => folderOf(path) === folder)
        .flatMap(hitsIn)
        .map(({ path, text, instead }) => `${path}: …${text}… (write: ${instead})`);
      expect(found.join('\n')).to.equal('');
    });
});
