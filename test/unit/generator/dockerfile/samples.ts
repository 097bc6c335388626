/** A Dockerfile of a shape that people write, and what is asked of it. */
export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly buildArgs?: readonly (readonly [string, string])[];
  readonly target?: string;
  /** The images that Kaniko pulls for `FROM`, in order, and what `COPY --from` and mounts use. */
  readonly images: readonly string[];
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

function sample(
  name: string,
  text: string,
  images: readonly string[],
  options: Pick<Sample, 'buildArgs' | 'target'> = {},
): Sample {
  return { name, text, images, ...options };
}

/** Go and other compiled languages: several stages. */
const COMPILED = [
  sample(
    'Go with a distroless end',
    lines(
      '# syntax=docker/dockerfile:1',
      'FROM golang:1.22 AS build',
      'WORKDIR /src',
      'COPY go.mod go.sum ./',
      'RUN --mount=type=cache,target=/go/pkg/mod go mod download',
      'COPY . .',
      'RUN CGO_ENABLED=0 go build -o /out/app ./cmd/app',
      '',
      'FROM gcr.io/distroless/static-debian12:nonroot',
      'COPY --from=build /out/app /app',
      'ENTRYPOINT ["/app"]',
    ),
    ['golang:1.22', 'gcr.io/distroless/static-debian12:nonroot'],
  ),
  sample(
    'Go from scratch, with certificates of an image',
    lines(
      'FROM golang:1.22-alpine as builder',
      'RUN go build -o /app .',
      'FROM scratch',
      'COPY --from=alpine:3.20 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/',
      'COPY --from=builder /app /app',
    ),
    ['golang:1.22-alpine', 'alpine:3.20'],
  ),
  sample(
    'cross compiler',
    lines(
      'FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.4.0 AS xx',
      'FROM --platform=$BUILDPLATFORM golang:1.22 AS build',
      'COPY --from=xx / /',
      'ARG TARGETPLATFORM',
      'RUN xx-go build -o /app',
      'FROM debian:12-slim',
      'COPY --from=build /app /app',
    ),
    ['tonistiigi/xx:1.4.0', 'golang:1.22', 'debian:12-slim'],
  ),
  sample(
    'Rust with cargo-chef',
    lines(
      'FROM lukemathwalker/cargo-chef:latest-rust-1 AS chef',
      'WORKDIR /app',
      'FROM chef AS planner',
      'RUN cargo chef prepare --recipe-path recipe.json',
      'FROM chef AS builder',
      'COPY --from=planner /app/recipe.json recipe.json',
      'RUN cargo chef cook --release',
      'FROM debian:bookworm-slim AS runtime',
      'COPY --from=builder /app/target/release/app /usr/local/bin',
    ),
    ['lukemathwalker/cargo-chef:latest-rust-1', 'debian:bookworm-slim'],
  ),
  sample(
    'Java, stages by number',
    lines(
      'FROM maven:3-eclipse-temurin-21',
      'RUN mvn package',
      'FROM eclipse-temurin:21-jre',
      'COPY --from=0 /target/app.jar /app.jar',
      'CMD ["java", "-jar", "/app.jar"]',
    ),
    ['maven:3-eclipse-temurin-21', 'eclipse-temurin:21-jre'],
  ),
  sample(
    'Node, target of a stage in between',
    lines(
      'FROM node:20 AS deps',
      'RUN npm ci',
      'FROM deps AS test',
      'RUN npm test',
      'FROM nginx:1.27 AS web',
      'COPY --from=deps /app /usr/share/nginx/html',
    ),
    ['node:20'],
    { target: 'test' },
  ),
  sample(
    'target in other letters',
    lines('FROM a/b:1 AS One', 'FROM c/d:1 AS Two', 'FROM e/f:1 AS three'),
    ['a/b:1', 'c/d:1'],
    { target: 'TWO' },
  ),
  sample(
    'stage names in other letters',
    lines(
      'FROM a/b:1 AS Builder',
      'RUN make',
      'FROM BUILDER as Next',
      'COPY --from=bUILDER /a /a',
      'FROM c/d:2',
    ),
    ['a/b:1', 'c/d:2'],
  ),
];

/** Python, notebooks and machine learning. */
const LEARNING = [
  sample(
    'Python',
    lines(
      'FROM python:3.12-slim',
      'ENV PYTHONUNBUFFERED=1',
      'COPY requirements.txt .',
      'RUN pip install -r requirements.txt',
      'COPY . .',
      'CMD ["python", "train.py"]',
    ),
    ['python:3.12-slim'],
  ),
  sample(
    'Python by ARG',
    lines('ARG PYTHON_VERSION=3.12', 'FROM python:${PYTHON_VERSION}-slim', 'ARG PYTHON_VERSION'),
    ['python:3.12-slim'],
  ),
  sample(
    'Python by build argument',
    lines('ARG PYTHON_VERSION=3.12', 'FROM python:${PYTHON_VERSION}-slim'),
    ['python:3.11-slim'],
    { buildArgs: [['PYTHON_VERSION', '3.11']] },
  ),
  sample(
    'uv from its image',
    lines(
      'FROM python:3.12-slim',
      'COPY --from=ghcr.io/astral-sh/uv:0.4.20 /uv /uvx /bin/',
      'RUN uv sync --frozen',
    ),
    ['python:3.12-slim', 'ghcr.io/astral-sh/uv:0.4.20'],
  ),
  sample(
    'uv as a mount',
    lines(
      'FROM python:3.12-slim',
      'RUN --mount=type=cache,target=/root/.cache/uv \\',
      '    --mount=type=bind,source=uv.lock,target=uv.lock \\',
      '    --mount=from=ghcr.io/astral-sh/uv:0.4.20,source=/uv,target=/bin/uv \\',
      '    uv sync --frozen',
    ),
    ['python:3.12-slim', 'ghcr.io/astral-sh/uv:0.4.20'],
  ),
  sample(
    'CUDA',
    lines(
      'ARG CUDA_VERSION=12.4.1',
      'ARG CUDNN=cudnn',
      'ARG UBUNTU=22.04',
      'FROM nvidia/cuda:${CUDA_VERSION}-${CUDNN}-devel-ubuntu${UBUNTU} AS devel',
      'RUN nvcc --version',
      'FROM nvidia/cuda:${CUDA_VERSION}-${CUDNN}-runtime-ubuntu${UBUNTU}',
      'COPY --from=devel /opt /opt',
    ),
    ['nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04', 'nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04'],
  ),
  sample('CUDA, only where a version is given', lines('ARG CUDA', 'FROM nvidia/cuda:${CUDA:-12.4.1}-base'), [
    'nvidia/cuda:12.4.1-base',
  ]),
  sample(
    'Jupyter chain',
    lines(
      'ARG REGISTRY=quay.io',
      'ARG OWNER=jupyter',
      'ARG BASE_IMAGE=$REGISTRY/$OWNER/scipy-notebook',
      'FROM $BASE_IMAGE',
      'LABEL maintainer="Jupyter Project <jupyter@googlegroups.com>"',
      '# Fix: https://github.com/hadolint/hadolint/wiki/DL4006',
      'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    ),
    ['quay.io/jupyter/scipy-notebook'],
  ),
  sample(
    'Jupyter chain, its middle given',
    lines(
      'ARG REGISTRY=quay.io',
      'ARG OWNER=jupyter',
      'ARG BASE_IMAGE=$REGISTRY/$OWNER/scipy-notebook',
      'FROM $BASE_IMAGE',
    ),
    ['quay.io/us/scipy-notebook'],
    { buildArgs: [['OWNER', 'us']] },
  ),
  sample(
    'a flavour of PyTorch',
    lines(
      'ARG GPU',
      'FROM pytorch/pytorch:2.3.0${GPU:+-cuda12.1-cudnn8-runtime}',
      'RUN pip install lightning',
    ),
    ['pytorch/pytorch:2.3.0-cuda12.1-cudnn8-runtime'],
    { buildArgs: [['GPU', '1']] },
  ),
  sample('a digest', lines(`FROM python:3.12@sha256:${'0a'.repeat(32)}`), [
    `python:3.12@sha256:${'0a'.repeat(32)}`,
  ]),
  sample(
    'a registry with a port',
    lines('ARG REGISTRY=registry.local:5000', 'FROM ${REGISTRY}/team/base:1', 'USER root'),
    ['registry.local:5000/team/base:1'],
  ),
  sample('Kubeflow notebook', lines('FROM kubeflownotebookswg/jupyter-scipy:v1.9.0', 'USER root'), [
    'kubeflownotebookswg/jupyter-scipy:v1.9.0',
  ]),
  sample(
    'R and conda',
    lines('FROM rocker/r-ver:4.4 AS r', 'FROM continuumio/miniconda3', 'COPY --from=r /usr/local/lib/R /R'),
    ['rocker/r-ver:4.4', 'continuumio/miniconda3'],
  ),
];

/** How variables, quotes and escapes are written. */
const WRITING = [
  sample('quotes', lines('ARG TAG="3.12"', 'FROM "python:$TAG"'), ['python:3.12']),
  sample('single quotes', lines("ARG TAG='3.12'", "FROM 'python:3.12' AS a", "FROM 'debian':12"), [
    'python:3.12',
    'debian:12',
  ]),
  sample('several ARGs at once', lines('ARG A=one B="two" C', 'FROM $A/$B:${C:-three}'), ['one/two:three']),
  sample('nested defaults', lines('ARG A', 'FROM ${A:-${B:-python:3.12}}'), ['python:3.12']),
  sample('default without colon', lines('ARG A=', 'FROM python${A-:3.11}${B-:3.12}'), ['python:3.12']),
  sample('short prefix', lines('ARG V=v3.12.1', 'FROM python:${V#v}'), ['python:3.12.1']),
  sample('long prefix', lines('ARG P=a/b/python', 'FROM ${P##*/}:3'), ['python:3']),
  sample('short suffix', lines('ARG V=3.12.1', 'FROM python:${V%.*}'), ['python:3.12']),
  sample('long suffix', lines('ARG V=3.12.1', 'FROM python:${V%%.*}'), ['python:3']),
  sample('replacement', lines('ARG V=3_12_1', 'FROM python:${V/_/.} AS a', 'FROM python:${V//_/.}'), [
    'python:3.12_1',
    'python:3.12.1',
  ]),
  sample('replacement of a slash', lines('ARG P=a/b', 'FROM ${P/\\//-}:1'), ['a-b:1']),
  sample('escaped character', lines('ARG A=python', 'FROM ${A}\\:3'), ['python:3']),
  sample('undeclared build argument', lines('FROM $BASE'), ['python:3'], {
    buildArgs: [['BASE', 'python:3']],
  }),
  sample('empty build argument', lines('ARG TAG=3', 'FROM python:$TAG'), ['python:3'], {
    buildArgs: [['TAG', '']],
  }),
  sample('build argument in another argument', lines('ARG A=1', 'ARG B=x:$A', 'FROM $B'), ['x:2'], {
    buildArgs: [['A', '2']],
  }),
  sample(
    'ARG after FROM has no effect on FROM',
    lines('ARG V=1', 'FROM a/b:$V AS a', 'ARG V=2', 'FROM c/d:$V'),
    ['a/b:1', 'c/d:1'],
  ),
  sample('lower case keywords', lines('arg v=1', 'from a/b:$v as x', 'copy --from=c/d:2 / /', 'from x'), [
    'a/b:1',
    'c/d:2',
  ]),
  sample('odd spacing', '\n\n   FROM\t  python:3.12 \t AS   base  \n\tRUN   true\n\n  FROM   base\t\n', [
    'python:3.12',
  ]),
  sample('no end of line', 'FROM python:3.12', ['python:3.12']),
  sample(
    'CRLF',
    'ARG V=3\r\nFROM python:$V AS a\r\nRUN x \\\r\n  && y\r\nFROM a\r\nCOPY --from=b/c:1 \\\r\n / /\r\n',
    ['python:3', 'b/c:1'],
  ),
  sample('BOM', '\uFEFFFROM python:3.12\n', ['python:3.12']),
  sample('BOM and directive', '\uFEFF# escape=`\nFROM python:3.12\nRUN a `\n  b\n', ['python:3.12']),
  sample(
    'no ASCII in comments and commands',
    lines('# Größe: 日本 𝒳', 'FROM a/b:1', 'RUN echo 𝒳', 'FROM c/d:2'),
    ['a/b:1', 'c/d:2'],
  ),
  sample('quoted flags', lines('FROM a/b:1', 'COPY --from="c/d:2" /x /x', "COPY --from='e/f:3' /x /x"), [
    'a/b:1',
    'c/d:2',
    'e/f:3',
  ]),
  sample(
    'quoted mounts',
    lines(
      'FROM a/b:1',
      'RUN --mount="type=bind,from=c/d:2,target=/x" --mount=from="e/f:3",target=/y --mou"nt=from=g/h:4" ls',
    ),
    ['a/b:1', 'c/d:2', 'e/f:3', 'g/h:4'],
  ),
  sample(
    'mounts that use no image',
    lines(
      'FROM a/b:1 AS one',
      'FROM c/d:2',
      'RUN --mount=type=secret,id=x --mount=type=tmpfs,target=/t --mount=type=ssh --mount=from=one,target=/o ls',
    ),
    ['a/b:1', 'c/d:2'],
  ),
];

/** What is no instruction although it looks like one, and the reverse. */
const TRAPS = [
  sample(
    'heredoc with instructions',
    lines(
      'FROM a/b:1',
      'RUN <<EOF',
      'FROM nothing',
      'COPY --from=nothing / /',
      'EOF',
      'FROM c/d:2',
      'COPY <<A <<"B" /x/',
      'FROM nothing',
      'A',
      'A',
      'FROM nothing $X',
      'B',
      'COPY --from=e/f:3 / /',
    ),
    ['a/b:1', 'c/d:2', 'e/f:3'],
  ),
  sample(
    'heredoc with tabs',
    lines('FROM a/b:1', 'RUN python3 <<-PY', '\timport os', '\tFROM no', '\tPY', 'FROM c/d:2'),
    ['a/b:1', 'c/d:2'],
  ),
  sample('heredoc in CRLF', 'FROM a/b:1\r\nRUN <<EOF\r\nFROM no\r\nEOF\r\nFROM c/d:2\r\n', [
    'a/b:1',
    'c/d:2',
  ]),
  sample(
    'heredoc behind a continued line',
    lines('FROM a/b:1', 'RUN cat \\', '  # comment', '  <<EOF > /x', 'FROM no', 'EOF', 'FROM c/d:2'),
    ['a/b:1', 'c/d:2'],
  ),
  sample(
    'no heredoc: shell arithmetic, here-strings and JSON',
    lines(
      'FROM a/b:1',
      'RUN echo $((1<<2))',
      'RUN cat <<<word',
      'RUN ["cat", "<<EOF"]',
      'RUN echo "<<EOF"',
      'CMD cat <<EOF',
      'FROM c/d:2',
    ),
    ['a/b:1', 'c/d:2'],
  ),
  sample(
    'ONBUILD',
    lines(
      'FROM a/b:1',
      'ONBUILD COPY --from=later/image:1 / /',
      'ONBUILD RUN <<EOF',
      'FROM no',
      'EOF',
      'ONBUILD ARG X=1',
      'FROM c/d:2',
    ),
    ['a/b:1', 'c/d:2'],
  ),
  sample(
    'comments between continued lines',
    lines(
      'FROM a/b:1',
      'RUN one \\',
      '# FROM no',
      '',
      '    # and more \\',
      '  && two \\',
      '',
      '  && three',
      'FROM c/d:2',
    ),
    ['a/b:1', 'c/d:2'],
  ),
  sample('a continued FROM', lines('FROM \\', '  # the base', '  a/b:1 \\', '  AS \\', '  x', 'FROM x'), [
    'a/b:1',
  ]),
  sample('a name over two lines', lines('FROM pyt\\', 'hon:3.12 AS x', 'RUN y'), ['python:3.12']),
  sample('a flag over two lines', lines('FROM a/b:1', 'COPY --from=c/\\', 'd:2 /x /x'), ['a/b:1', 'c/d:2']),
  sample(
    'Windows',
    lines(
      '# escape=`',
      'FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS tools',
      'RUN dir C:\\',
      'RUN one `',
      '  two',
      'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022',
      'COPY --from=tools C:\\tools\\ C:\\tools\\',
      'COPY --from=e/f:1 `',
      '  C:\\ C:\\',
    ),
    [
      'mcr.microsoft.com/windows/servercore:ltsc2022',
      'mcr.microsoft.com/windows/nanoserver:ltsc2022',
      'e/f:1',
    ],
  ),
  sample(
    'a backslash at the end of Windows lines',
    '# escape=`\r\nFROM a/b:1\r\nRUN dir c:\\\r\nFROM c/d:2\r\n',
    ['a/b:1', 'c/d:2'],
  ),
  sample('a directive too late', lines('# hello', '# escape=`', 'FROM a/b:1 \\', ' AS x', 'FROM c/d:2'), [
    'a/b:1',
    'c/d:2',
  ]),
  sample('two backslashes do not continue', lines('FROM a/b:1', 'RUN echo \\\\', 'FROM c/d:2'), [
    'a/b:1',
    'c/d:2',
  ]),
  sample('white space behind a continuation', 'FROM a/b:1\nRUN echo \\ \t\nFROM no\nFROM c/d:2\n', [
    'a/b:1',
    'c/d:2',
  ]),
  sample('indented comments', lines('  # FROM no', '\t#FROM no', 'FROM a/b:1', '   #COPY --from=no / /'), [
    'a/b:1',
  ]),
  sample('a hash in a word', lines('FROM a/b:1', 'RUN echo # \\', 'FROM c/d:2'), ['a/b:1']),
  sample('an image with the name of a later stage', lines('FROM later', 'FROM b/c:1 AS later'), [
    'later',
    'b/c:1',
  ]),
  sample(
    'a copy from an image with the name of a later stage',
    lines('FROM a/b:1', 'COPY --from=later / /', 'FROM c/d:1 AS later'),
    ['a/b:1', 'later', 'c/d:1'],
  ),
  sample('a stage with the name of an image', lines('FROM python:3 AS python', 'FROM python'), ['python:3']),
  sample(
    'two stages of the same name',
    lines('FROM a/b:1 AS x', 'FROM c/d:1 AS x', 'FROM x', 'COPY --from=x / /'),
    ['a/b:1', 'c/d:1'],
  ),
  sample('a base by number is an image', lines('FROM a/b:1', 'FROM 0'), ['a/b:1', '0']),
  sample('scratch in capitals is an image', lines('FROM Scratch', 'FROM scratch'), ['Scratch']),
  sample('a variable that is a stage', lines('ARG NEXT=one', 'FROM a/b:1 AS one', 'FROM ${NEXT}'), ['a/b:1']),
  sample('a variable that is scratch', lines('ARG BASE=scratch', 'FROM $BASE', 'COPY --from=a/b:1 / /'), [
    'a/b:1',
  ]),
];

/** Dockerfiles in many shapes. */
export const SAMPLES: readonly Sample[] = [...COMPILED, ...LEARNING, ...WRITING, ...TRAPS];
