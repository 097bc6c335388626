/** `1 file`, `12 files`, `1,234 files`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  // Not toLocaleString: it loads the tables of all languages, which takes longer than the rest of a short command.
  return `${grouped(String(count))} ${count === 1 ? one : many}`;
}

function grouped(digits: string): string {
  return digits.length <= 3 ? digits : `${grouped(digits.slice(0, -3))},${digits.slice(-3)}`;
}
