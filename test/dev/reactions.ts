const EMOJIS: Readonly<Record<string, string>> = {
  eyes: '👀',
  rocket: '🚀',
  '+1': '👍',
  '-1': '👎',
  confused: '😕',
};

/** How GitHub shows a reaction. */
export function emojiOf(content: string): string {
  return EMOJIS[content] ?? content;
}
