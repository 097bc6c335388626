/** What a refusal of KFP says to a person. */
export interface Refusal {
  readonly problem: string;
  readonly nextStep: string;
}

const LONGEST = 500;
/** How much of a longer text is its beginning. */
const START = 150;
const NEXT_STEPS: Readonly<Partial<Record<number, string>>> = {
  301: 'It asks for a login: use the address of the API server inside of the cluster.',
  302: 'It asks for a login: use the address of the API server inside of the cluster.',
  400: 'Correct what it names.',
  401: 'Give the step a token with the audience pipelines.kubeflow.org.',
  403: 'Bind the ClusterRole kubeflow-pipelines-edit to the service account, in the namespace of `pipeline.namespace`.',
  404: 'Check `pipeline.namespace`, and that nobody deleted it just now.',
  413: 'Make the pipeline smaller, or raise the limit of the proxy in front of it.',
};

/** The server has two forms of errors: gRPC's `message`, and `error_message` of uploads. */
export function refusalOf(status: number, answer: Readonly<Record<string, unknown>> | undefined): Refusal {
  const said = answer?.message ?? answer?.error_message ?? answer?.error;
  const text = typeof said === 'string' ? clean(said) : '';
  return {
    problem: `it refuses with ${status}${text === '' ? '' : `: ${text}`}`,
    nextStep: NEXT_STEPS[status] ?? 'Look at the log of ml-pipeline, and try again.',
  };
}

/** Why there was no answer, and what to do. */
export function explain(
  error: unknown,
  timedOut: boolean,
  timeout: number,
): [problem: string, nextStep: string] {
  if (timedOut)
    return [`no answer within ${timeout / 1000} s`, 'Look whether ml-pipeline is overloaded; try again.'];
  const { cause } = error as { cause?: { code?: unknown } };
  const code = typeof cause?.code === 'string' ? cause.code : 'unknown error';
  const words: Readonly<Partial<Record<string, string>>> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'its name cannot be looked up',
    ECONNRESET: 'the connection was closed',
    UND_ERR_SOCKET: 'the connection was closed',
  };
  return [
    words[code] ?? `no answer (${code})`,
    'Check `kfp.endpoint`, and that a NetworkPolicy lets builds reach it.',
  ];
}

/** One line; KFP's errors repeat themselves at length, and come to the point at their end. */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is replaced
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, START)}…${line.slice(START - LONGEST)}` : line;
}
