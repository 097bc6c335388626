/**
 * Makes a sentence of a clause: a capital at its start, a full stop at its end. Only a plain word gets the capital: a
 * file, a key or something in backticks stays as it is.
 */
export function sentence(clause: string): string {
  const capital = /^[a-z]+ /.test(clause) ? clause.charAt(0).toUpperCase() + clause.slice(1) : clause;
  return /[.?!:…]$/.test(capital) ? capital : `${capital}.`;
}
