import { expect } from 'chai';

import { instructionLine } from '../../../../generator/results/instruction-line.js';

const DOCKERFILE = `# syntax=docker/dockerfile:1
FROM python:3.11 AS build
RUN apt-get update && \\
    # for the compiler
    apt-get install -y gcc \\

    g++
RUN echo twice
RUN echo twice
run  pip   install -r requirements.txt
COPY a b
`;

describe('generator/instruction-line', () => {
  it('finds where an instruction begins, whatever its continuations and white space', () => {
    const line = (instruction: string): number | undefined => instructionLine(DOCKERFILE, instruction);
    expect(line('RUN apt-get update &&     apt-get install -y gcc     g++')).to.equal(3);
    expect(line('RUN pip install -r requirements.txt')).to.equal(10);
    expect(line('COPY a b')).to.equal(11);
  });

  it('says nothing of one that is not there, or there twice', () => {
    expect(instructionLine(DOCKERFILE, 'RUN make')).to.equal(undefined);
    expect(instructionLine(DOCKERFILE, 'RUN echo twice')).to.equal(undefined);
    expect(instructionLine('', 'RUN make')).to.equal(undefined);
  });

  it('knows the other escape character, and the line ends of Windows', () => {
    const dockerfile = '# escape=`\r\nFROM windows\r\nRUN dir `\r\n  c:\\\r\nRUN other\r\n';
    expect(instructionLine(dockerfile, 'RUN dir   c:\\')).to.equal(3);
    expect(instructionLine(dockerfile, 'RUN other')).to.equal(5);
  });
});
