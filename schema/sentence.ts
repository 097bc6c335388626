/**
 * Makes a sentence of a clause: a capital at its start, a full stop at its end. Only a plain word gets the capital: a
 * file, a key or something in backticks stays as it is. Further lines are another program's words, and stay as they are.
 */
export function sentence(clause: string): string {
  const [first = '', ...quoted] = clause.split('\n');
  const capital = /^[a-z]+ /.test(first) ? first.charAt(0).toUpperCase() + first.slice(1) : first;
  return [/[.?!:…]$/.test(capital) ? capital : `${capital}.`, ...quoted].join('\n');
}
