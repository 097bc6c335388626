/**
 * What a build needs and no more: Kaniko unpacks a root file system and changes owners and modes in it. Overrides a
 * cluster's default of `runAsNonRoot`.
 */
export const BUILD_SECURITY = {
  runAsUser: 0,
  runAsNonRoot: false,
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: {
    drop: ['ALL'],
    add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'SETFCAP', 'KILL'],
  },
  seccompProfile: { type: 'RuntimeDefault' },
} as const;
