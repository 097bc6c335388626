/** The form of the page that makes a GitHub App: what a browser would send to GitHub. */
export interface ManifestForm {
  /** Address at GitHub. */
  readonly action: URL;
  readonly manifest: Record<string, unknown>;
  readonly state: string;
}

/** Opens the page and reads its form. */
export async function manifestForm(address: string): Promise<ManifestForm> {
  return formOf(await (await fetch(address)).text());
}

/** Reads the form of a page. */
export function formOf(page: string): ManifestForm {
  const text = (pattern: RegExp): string =>
    (pattern.exec(page)?.[1] ?? '').replace(/&#(\d+);/g, (_, digits: string) =>
      String.fromCharCode(Number(digits)),
    );
  const action = new URL(text(/action="([^"]*)"/));
  const manifest = JSON.parse(text(/name="manifest" value="([^"]*)"/)) as Record<string, unknown>;
  return { action, manifest, state: action.searchParams.get('state') ?? '' };
}
