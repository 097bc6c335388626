/**
 * Prints the section of CHANGELOG.md for a release. Fails if the tag isn't the version of package.json, or the section is
 * missing or empty.
 *
 *     tsx scripts/release-notes.ts v1.2.0
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * The text below the heading `## VERSION` (a date can follow), up to the next heading of that level.
 *
 * @param tag - name of the git tag: `v` and the version
 * @throws Error that says what to change
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`)
    throw new Error(
      `The tag is ${tag}, but package.json has the version ${version}. Tag the release v${version}.`,
    );
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  if (section === undefined)
    throw new Error(`CHANGELOG.md has no section "## ${version}". Rename the section "Unreleased".`);
  const notes = section.slice(section.indexOf('\n') + 1).trim();
  if (notes === '') throw new Error(`The section "## ${version}" of CHANGELOG.md is empty.`);
  return notes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  try {
    console.log(releaseNotes(process.argv[2] ?? '', version, read('CHANGELOG.md')));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
