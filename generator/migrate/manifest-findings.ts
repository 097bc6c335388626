import { recordOf } from '../../common/json.js';
import { at, itemsAt, textAt, toValue, type ConfigPath, type Tree } from '../../schema/tree.js';
import type { KeyFinding } from './finding.js';

const CONTAINERS: ConfigPath = ['spec', 'containers'];
/** Keys of a Pod and a container that give a build nothing. */
const NOTHING = new Set(['containers', 'restartPolicy', 'name', 'image', 'args']);

/** What of kaniko-manifest.yaml differs from the Kfops of 2022. Works on what is there, valid or not. */
export function manifestFindings(tree: Tree): KeyFinding[] {
  return [
    ...namespace(tree),
    ...itemsAt(tree, CONTAINERS).flatMap((_, i) => [...image(tree, i), ...containerArguments(tree, i)]),
    ...whole(tree),
  ];
}

/** k8s_api.py, `create_pod`: Kubernetes refuses a Pod whose own namespace is another one. */
function namespace(tree: Tree): KeyFinding[] {
  const path = ['metadata', 'namespace'];
  if (!at(tree, path)) return [];
  return [
    {
      topic: 'namespace',
      path,
      before: 'Build pods ran in the namespace of Kfops. Kubernetes refused any other value.',
      now: 'Builds run in the namespace of the cluster’s settings.',
      next: 'Remove the key.',
      changes: [{ kind: 'remove', path }],
    },
  ];
}

/** image_builder.py, `configure_main_container`: exactly this image was looked for. */
function image(tree: Tree, index: number): KeyFinding[] {
  const path = [...CONTAINERS, index, 'image'];
  if (!textAt(tree, path)?.startsWith('gcr.io/kaniko-project/')) return [];
  return [
    {
      topic: 'kaniko-image',
      path,
      before: 'Kfops needed an image of gcr.io/kaniko-project.',
      now: 'That project was archived in 2025. Without the key, builds use the maintained Kaniko of the cluster’s settings.',
      next: 'Remove the key.',
      changes: [{ kind: 'remove', path }],
    },
  ];
}

/** image_builder.py, `configure_main_container`: the list was replaced. */
function containerArguments(tree: Tree, index: number): KeyFinding[] {
  const path = [...CONTAINERS, index, 'args'];
  if (!at(tree, path)) return [];
  return [
    {
      topic: 'kaniko-arguments',
      path,
      before: 'Kfops replaced this list.',
      now: 'Kfops sets Kaniko’s arguments. Images have options for them in config.yaml, such as `target` and `build_args`.',
      next: 'Remove the key.',
      changes: [{ kind: 'remove', path }],
    },
  ];
}

/** The file of 2022 was required in each repository. */
function whole(tree: Tree): KeyFinding[] {
  const spec = recordOf(toValue(at(tree, ['spec']) ?? tree));
  const container = recordOf(toValue(at(tree, [...CONTAINERS, 0]) ?? tree));
  const gives = [...Object.keys(spec), ...Object.keys(container)].some((key) => !NOTHING.has(key));
  if (!gives && at(tree, [...CONTAINERS, 0]))
    return [
      {
        topic: 'manifest',
        path: ['spec'],
        before: 'Each repository needed this file.',
        now: 'It is optional. This one gives builds no registry login, and hides `kaniko.manifest` of the cluster’s settings.',
        next: 'Delete the file if the settings of your cluster have `kaniko.manifest`.',
        action: 'edit',
      },
    ];
  return itemsAt(tree, ['spec', 'volumes']).length === 0
    ? []
    : [
        {
          topic: 'manifest-names',
          path: ['spec', 'volumes'],
          before: 'Every name of a Secret, ConfigMap or claim worked.',
          now: '`kfops build` uses them as before. The server uses the file of the default branch, and only names that its setting `server.manifest` lists.',
          next: 'If you use the server, ask your cluster admin to list the names.',
          action: 'edit',
        },
      ];
}
