/** “auto, always or never”. */
export const joinWords = (words: readonly string[], conjunction: string): string =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
